## Live capture

capture-started = capturing on { $place }; Ctrl-C ends it
capture-with-filter = { $name } with filter `{ $filter }`
capture-counters = { $captured } captured, { $received } received by the filter, { $dropped } dropped by the kernel
capture-unsaved = { $error }; what comes from now on is shown, but not saved
capture-nothing-yet = nothing yet on { $place }; is the server running and the client sending to 127.0.0.1? Traffic to another machine passes another interface: `loopshark interfaces` lists them
capture-no-loopback = there is no loopback interface here; `loopshark interfaces` lists what there is, `-i` names one
capture-no-interface = no such interface; there are { $names }
capture-several-interfaces = that is part of several descriptions: { $names }
capture-went-down = the interface went down, and the capture ended with that
capture-went-away = the interface is gone, and the capture ended with that
capture-nothing-to-capture-on = nothing to capture on: { $advice }
capture-loopback = [loopback]
capture-unfiltered-calls = no filter of system calls protects this capture: { $cause }

## Server and client

lab-port-in-use = { $address }: the port is in use: { $holder } listens there already; end it, or choose another port with `--bind { $other }`
lab-no-such-address = { $address }: this machine has no such address; `--bind 127.0.0.1:8080` is the lab's
lab-low-port = { $address }: no right to use a port below 1024; choose another with `--bind`
lab-excluded-port = { $address }: Windows keeps this port for something else (`netsh interface ipv4 show excludedportrange udp` lists such); choose another with `--bind`
lab-console = can't write to the console: { $cause }
lab-broke-down = it broke down
lab-client-ended = the client can't go on
lab-faults-announced = faults on purpose: { $faults }
lab-faults = loss { $loss } %, delay { $delay } ± { $jitter }, duplicate { $duplicate } %, reorder { $reorder } %, seed { $seed }
lab-server-log = server: { $log }
lab-log = { $received } received, { $answered } answered, { $lost } lost, { $duplicated } duplicated, { $reordered } reordered
lab-client-outcome = client: { $outcome }
lab-outcome = { $sent } sent, { $answered } answered, { $lost } lost ({ $percent } %)
lab-interval-in-flight = `--in-flight` sends without a pause: `--interval 0`, or none, goes with it
lab-few-sockets = { $messages } messages in flight take { $wanted } sockets, and only { $most } may be open: raise the limit with `ulimit -n { $limit }`, or let fewer wait
lab-load = { $answered } answered in { $seconds } s, { $rate }/s
lab-load-times = response time: min { $min } ms, mean { $mean } ms, p50 { $p50 } ms, p99 { $p99 } ms, max { $max } ms
lab-load-refused = { $count } refused
lab-load-unasked = { $count } responses that nothing waited for
