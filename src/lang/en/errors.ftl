## What goes wrong with any command

errors-no-file = no such file
errors-no-permission = no permission to read it; try `{ $command }` on it
errors-results = can't write the results: { $cause }
errors-ended = it has ended
errors-npcap = { $reason }: get Npcap from https://npcap.com/#download, the settings that its installer offers will do; all but live captures and capture filters works without it
errors-no-libpcap = this build has no libpcap: { $what ->
    [filter] a BPF expression
   *[capture] a live capture
} needs it; build with the default features
errors-filter = bad capture filter `{ $expression }`: { $reason }; pcap-filter(7) has the syntax, for example `udp port 8080`
errors-thread = can't start a thread: { $cause }; `ulimit -u` says how many there may be
errors-signal = can't listen to Ctrl-C
errors-setuid = the program's file is setuid or setgid, and it does not run with rights that its caller lacks: take that off with `chmod ug-s`, and grant the right to capture with `setcap cap_net_raw+ep` instead
errors-no-such-user = there is no user `{ $user }`; `--user` takes a name or a number that `getent passwd` lists
errors-user-needs-root = only root can become { $user }; without root leave out `--user`
errors-user-not-here = `--user` is for Linux; there is no becoming another user here
errors-privileges = can't give up root to become { $user }: { $cause }; where the system does not let root change users, as in some containers, `--user root` gives up all capabilities and stays root
errors-capabilities = can't give up the capabilities of the program's file

## Values on the command line

errors-not-a-count = a whole number, 1 or more
errors-not-whole = a whole number
errors-not-between = a whole number from { $least } to { $most }
errors-not-seconds = not a number of seconds, such as 5 or 0.5
errors-not-a-time = not a time, such as 1s, 250ms or 2min
errors-too-long = longer than a year
errors-not-percent = from 0% to 100%, such as 20%
errors-not-an-address = an address and a port in numbers, such as 127.0.0.1:8080 or [::1]:8080
errors-not-a-language = en or es
errors-not-autostop = only `duration:SECS` is known, for example `duration:10`
errors-not-a-time-format = one of r, a, ad, d, dd, e, u, ud
errors-two-passes-live = -2 reads a capture twice, so it needs a saved one: save with -w FILE, then `loopshark read -2 FILE`
errors-two-passes-pipe = -2 reads the capture twice, which standard input can't be: save it to a file first
