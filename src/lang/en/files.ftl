## Saved captures that can't be read, or not to their end

files-standard-input = standard input
files-standard-output = standard output
files-directory = is a directory; name a capture file in it
files-empty = is empty, not a capture; was the capture stopped before its first packet was written?
files-not-a-capture = is not a capture (neither pcap nor pcapng): it begins with { $begins }
files-begins-text = the text `{ $text }`
files-begins-bytes = the bytes { $bytes }
files-cut = cut short at byte { $offset }: { $what ->
    [file-header] a capture's header
    [record-header] a record's header
    [record] the record there
    [block-header] a block's header
   *[block] the block there
} needs { $need } bytes, { $have } are left
files-damaged = damaged at byte { $offset }: { $what }; what follows can't be read
files-read = reading failed at byte { $offset }: { $cause }
files-oversized = the { $what ->
    [record] record
   *[packet-block] packet block
} there claims { $len } bytes, more than the { $limit } that a frame can have
files-long-block = the block there claims { $len } bytes, over 16 MiB
files-short-block = { $what ->
    [interface] an interface description
    [packet] a packet block
    [simple-packet] a simple packet block
    [custom] a custom block
   *[system-call] a system call
} of under { $least } bytes
files-many-interfaces = more than { $limit } interfaces
files-no-interface = a packet of interface { $id }, where { $count } are described
files-packet-in-block = a packet of { $len } bytes in a block of { $room }
files-unread-link = frames of link type { $number } ({ $name }) can't be read: only Ethernet, NULL, LOOP, raw IP and Linux cooked captures can

## Writing one

files-save = can't write the capture: { $cause }
files-as-user = { $error }; files are created as { $user }: choose a folder where { $user } may write, or stay root with `--user root`
files-save-lost = can't write the capture: { $cause }: { $saved ->
    [one] { $saved } frame is in it
   *[other] { $saved } frames are in it
}, { $lost } { $lost ->
    [one] is not
   *[other] are not
}
files-save-terminal = standard output is a terminal; pipe it or name a file

## What is compressed

files-within = { $offset } of what the { $compression } file decompresses to
files-unread = it is { $kind }: `{ $command } FILE | loopshark read -`
files-no-capture = holds no capture (neither pcap nor pcapng): the { $compression } file decompresses to less than a capture's header
files-no-capture-but = holds no capture (neither pcap nor pcapng): the { $compression } file decompresses to something that begins with { $begins }
files-compressed-cut = cut short at byte { $offset } of the { $compression } file, which goes on behind it
files-compressed-damaged = damaged at byte { $offset } of the { $compression } file: { $what }; what follows can't be read
files-window = it asks for a window of { $wanted } MiB, more than the { $most } that are kept
files-checksum = the checksum does not match
files-stalled = it does not go on
files-no-part = what stands there is no further part of it

## Several captures, those that are written, and comments

files-stdin-once = `-` is standard input, which can be read only once
files-comment-stdin = --comment reads the capture twice, which standard input can't be: save it to a file first
files-onto-itself = { $name }: is read, so it can't be written at the same time; name another file after -w
files-second-link-type = frame { $number } has link type { $second }, and a pcap file has but one, here { $first }: name a .pcapng file
files-finer-time = frame { $number } has nanoseconds, and a pcap file that begins with microseconds has no room for them: name a .pcapng file
files-no-comments = only pcapng holds comments: name a .pcapng file
files-compressed-out = no compressed captures are written: name a .pcap or .pcapng file, or compress what comes out of `-w -`

files-comment-of-capture = comment of the capture: { $text }
files-comment-of-frame = comment of frame { $number }: { $text }
files-more-comments = { $count ->
    [one] and { $count } more comment
   *[other] and { $count } more comments
}

files-answered = request { $number }, answered by { $by } in { $time } ms
files-late = request { $number }, answered late by { $by }, after { $time } ms
files-unanswered = request { $number }, no response within { $seconds } s
files-refused = request { $number }, refused by { $by }: { $reason }
files-response = response to { $to } after { $time } ms
files-late-response = late response to { $to }, after { $time } ms
files-refusal = says that request { $to } was refused
files-copy = another copy of an earlier request
files-further = a further response, or another copy of one
files-unsolicited = a response that nothing asked for
