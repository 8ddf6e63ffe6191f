## A report that can't be checked

check-directory = a folder, not a report
check-empty = empty
check-too-many-rows = more than { $limit } rows, so hardly a report
check-too-long = longer than { $limit } MiB, so hardly a report
check-unknown = neither text, a picture (PNG, JPEG, BMP, WebP) nor PDF; { $kind ->
    [word-processor] a document of a word processor is to be saved as PDF first
    [old-word] an old Word document is to be saved as PDF first
   *[other] save the report as one of them
}
check-no-rows = no row of a packet list in it
check-second-capture = { $name }: a second capture; reports are checked against one
check-no-report = { $name }: a capture; which report is to be checked against it?
check-pictures-left-out = { $name }: its pictures are left out: { $cause }
check-reading = reading { $name }
check-cannot-save = can't save { $name }
check-no-picture = --annotate marks rows on a picture, and there is none in the report
check-picture = the picture can't be read: { $cause }
check-picture-too-large = the picture is { $width } × { $height } points large: cut out the packet list
check-picture-too-many-lines = the picture has more than { $limit } lines of text: cut it into several
check-no-tesseract = pictures are read by tesseract, which is not installed: `{ $command }`
check-tesseract-run = tesseract can't be run: { $cause }
check-tesseract-failed = tesseract failed: { $reason }
check-tesseract-stopped = it stopped
check-tesseract-no-reason = no reason given
check-pdf-encrypted = the PDF is encrypted: it needs a password
check-pdf-damaged = the PDF is damaged: { $what ->
    [no-thread] there was no thread to read it in
    [breaks-reader] it breaks the reader
    [encryption] its encryption makes no sense
   *[no-pages] no pages were found
}
check-pdf-too-large = the PDF is too large: more than { $limit } { $unit ->
    [bytes] bytes
    [bytes-of-text] bytes of text
    [bytes-unpacked] bytes unpacked
    [pages] pages
    [pictures] pictures
    [pixels-in-a-picture] pixels in a picture
    [seconds] seconds of work
   *[pixels] pixels
}

## Verdicts

check-verdict = Verdict
check-verdict-match = match
check-verdict-near = near
check-verdict-differs = differs
check-verdict-absent = absent
check-verdict-unreadable = unreadable
check-count-match = { $count } match
check-count-near = { $count } near
check-count-differs = { $count } differs
check-count-absent = { $count } absent
check-count-unreadable = { $count } unreadable
check-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
check-summary = { $rows }: { $counts }
check-summary-alone = { $rows }: { $fine } consistent, { $look } to look at
check-reports = { $count } reports, { $summary }
check-row-from-top = { $place } from the top
check-row-named = row { $row }
check-rows-named = rows { $rows }
check-rows-named-and-more = rows { $rows } and { $more } more

## What is to be known of a table

check-numbered-anew = the rows are frames { $first } to { $last } of the capture, numbered anew
check-numbered-own = the rows are numbered one after the other, but stand for { $count } of the frames { $first } to { $last }: others are left out between them
check-other-origin = times are { $seconds } s from the capture's: counted from another frame

## What rows say of themselves and of each other

check-length-fits = Length { $length } leaves { $left } bytes of data, Info says Len={ $data }: consistent
check-length-room = Length { $length } leaves room for { $data } bytes of data, Info says Len={ $data }: consistent
check-length-headers = Length { $length } is less than the headers take: with Len={ $data } it would be { $whole }
check-length-leaves = Length { $length } leaves { $left } bytes of data, Info says Len={ $data }
check-length-link = Length { $length } does not go with Len={ $data }: it would be { $lengths }
check-no-address = { $text } is no IP address
check-no-protocol = { $name } is no protocol of Wireshark's; { $meant } is
check-families = source is { $source } and destination { $destination }
check-number-twice = two rows are numbered { $number }
check-number-before = No. { $number } comes before No. { $other }
check-number-after = No. { $number } comes after No. { $other }
check-time-followed = Time { $time } is followed by an earlier one, { $other }, in row { $row }
check-time-follows = Time { $time } follows a later one, { $other }, in row { $row }
check-sequence = Seq={ $seq } does not follow from row { $row } (Seq={ $then } Len={ $len } gives { $next })
check-port-beyond = port { $port } does not exist: ports end at { $last }
check-port-beyond-asked = port { $port } does not exist: ports end at { $last }; the request went to port { $asked }
check-port-elsewhere = the request went to port { $asked }, the response comes from { $port }
check-unasked = response to port { $port }, but no request from that port stands above
check-lab-length = the lab's { $what ->
    [requests] requests
   *[responses] responses
} carry { $usual } bytes, this one { $len }
check-lab-rhythm = { $seconds } s after the request before; the others are a second apart
check-lab-port-again = port { $port } has asked before, in row { $row }
check-lab-port-odd = port { $port } is not one that a system gives to a client
