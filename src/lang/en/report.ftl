## Titles of documents and of what is in them

report-packets = Packets
report-exchanges = Exchanges
report-summary = Summary
report-service = service
report-value = value

## The report

report-title = Report of { $file }
report-damaged = The capture is damaged; this report shows what comes before. { $what }
report-fact = fact
report-file = File
report-size = Size
report-bytes = { $count } bytes
report-frames = Frames
report-passed-over = Frames that the filter stopped
report-begin = First frame
report-end = Last frame
report-duration = Duration
report-program = Made by
report-command = Command
report-no-exchanges = No exchanges: there is no request and no response in what was looked at.
report-more-services = { $count ->
    [one] One more service, with fewer requests, is not shown.
   *[other] { $count } more services, with fewer requests, are not shown.
}
report-left-out = The table has { $shown } exchanges: the first ones, and all later ones that were lost, refused, late, duplicate or unsolicited, as far as there is room. Not in it: { $answered } answered, { $others } others.
report-colors = Row colors are Wireshark's:
report-times = Response times in the course of the capture
report-times-caption = Each dot is a response, at the time of its request. Requests without one stand above: × lost, ◆ refused.
report-times-thinned = There are too many responses for a dot each: of each short slice of time the fastest and the slowest are shown, and the first that was lost (×) or refused (◆).
report-spread = Distribution of response times
report-spread-caption = How many responses took how long. Each step is longer than the one before by about the same factor.
report-timeline = Requests and responses in the course of the capture
report-timeline-marks = Above, each request when it was sent; below, its response when it came. × was lost, ◆ was refused.
report-timeline-columns = Requests by when they were sent: above the axis those that were answered, below it those that were lost or refused.
report-ladder = The first exchanges, step by step
report-ladder-caption = Each arrow is a frame, in the order in which they were captured, not to scale. × marks where a response never came, a broken line an error. Exchanges that went wrong later follow below ⋮.
report-hidden = What is not shown
report-nothing-hidden = Nothing: every frame belongs to an exchange.
report-method = How this was made
report-method-pairs = A response belongs to the oldest request of the same two endpoints (addresses and ports) that has none yet; DNS, MDNS, LLMNR and NBNS go by their identifiers. Whoever sends first is the client, unless a port was named.
report-method-fates = A response later than { $seconds } s counts as late. Lost is a request with no response in the capture; refused, one that an ICMP error names. The response time is the time from the request's frame to the response's, both taken where the capture was made.
report-method-columns = Numbers, times, lengths and Info are those of Wireshark's packet list, so that each row can be found there.
report-figures-of-plot = The figures behind it
report-axis-time = seconds since the first frame
report-requests = requests
report-responses = responses
report-answered = answered
report-lost = lost
report-refused = refused
report-fastest = fastest
report-slowest = slowest
report-from = from
report-to = to
report-count = count
report-client = client
report-server = server

## Errors

report-needs-file = a report names its capture and the checksum of it, which standard input has not: save it to a file first
report-over-capture = { $file }: is the capture; the report needs a name of its own
report-stopped = stopped before the end: no report was written
report-which-format = { $file }: a report is HTML or Markdown; let its name end in .html or .md
report-unwritable = can't write { $file }
