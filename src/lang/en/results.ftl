## Under the exchanges and beside the summary

results-exchanges = { $count ->
    [one] { $count } exchange
   *[other] { $count } exchanges
}
results-footer = { $exchanges }: { $counts }
results-answered = { $count } answered
results-lost = { $count } lost
results-refused = { $count } refused
results-late = { $count } late (over { $seconds } s)
results-duplicate = { $count } duplicate
results-unsolicited = { $count } unsolicited
results-reordered = { $count } reordered
results-response-time = response time: min { $min }, mean { $mean }, max { $max }
results-hidden = hidden: { $what }
results-backwards = { $count } of the lost came from { $service }, which others ask: if the capture begins in the middle, `--port { $port }` says that { $port } is the service's
results-given-up = { $count ->
    [one] { $count } of the lost was given up early, as too much was waiting: it may have been answered
   *[other] { $count } of the lost were given up early, as too much was waiting: they may have been answered
}
results-set-back = a response time is below zero: the clock of the capture was set back meanwhile
results-dropped = { $count ->
    [one] { $count } frame was dropped by the kernel
   *[other] { $count } frames were dropped by the kernel
}
results-dropped-and-lost = { $dropped }: what shows as lost may only not have been captured
results-client-says = the client sent { $sent } and had { $answered } answered, the capture shows { $requests } requests and { $shown } answered in time
results-noise = { $count } noise ({ $names })

## Beside a row: plain ASCII, since the table counts bytes

results-fate-late = late
results-fate-lost = lost
results-fate-refused = refused
results-fate-duplicate = duplicate
results-fate-unsolicited = unsolicited

## The figures of a summary

results-figure-requests = requests
results-figure-answered = answered
results-figure-lost = lost
results-figure-refused = refused
results-figure-late = late
results-figure-duplicate = duplicate
results-figure-unsolicited = unsolicited
results-figure-reordered = reordered
results-figure-response-time = response time { $which ->
    [min] min
    [mean] mean
    [max] max
   *[other] { $which }
}
results-figure-jitter = jitter
results-figure-interval-mean = sending interval mean
results-figure-interval-deviation = sending interval deviation
results-figure-bytes = bytes
