## Doctor: verdicts, checks, the last line

doctor-fine = fine
doctor-advice = advice
doctor-trouble = trouble
doctor-inapplicable = n/a
doctor-check-driver = driver
doctor-check-adapter = adapter
doctor-check-right = right
doctor-check-trial = trial
doctor-check-service = service
doctor-check-place = place
doctor-works = A capture works here.
doctor-works-not = A capture does not work here: { $checks }.

## The library

doctor-library-none = this build has no libpcap: it reads saved captures and runs server and client, and captures nothing
doctor-library-build = build it with libpcap
doctor-library-version = libpcap { $version } ({ $path })
doctor-library-linked = libpcap, linked into this program or the system's own
doctor-needs-libpcap = not looked at: that takes libpcap (Npcap on Windows)
doctor-npcap-missing = Npcap is not installed
doctor-npcap-install = install Npcap
doctor-npcap-remove-winpcap = remove WinPcap in the list of programs
doctor-npcap-winpcap = WinPcap { $version } is installed, which knows of no loopback traffic; Npcap does
doctor-npcap-unloadable = { $path } can't be loaded: { $cause }
doctor-npcap-old = { $path } is too old, or not Npcap's: it has no { $function }
doctor-npcap-other = { $path } (version { $version }) is neither Npcap's nor WinPcap's
doctor-npcap-version = Npcap { $version }
doctor-npcap-start = start it, in an administrator's terminal
doctor-npcap-driver-absent = Npcap's driver is missing, although its library is there
doctor-npcap-repair = repair it, in an administrator's terminal
doctor-npcap-driver-stopped = Npcap's driver does not run
doctor-npcap-filtering-stopped = the Base Filtering Engine does not run, without which Npcap has no loopback adapter
doctor-npcap-driver-unknown = Windows does not say whether Npcap's driver runs
doctor-npcap-driver-running = Npcap's driver runs, and so does the Base Filtering Engine

## The right to capture

doctor-no-right = no right to capture: { $reason }
doctor-right-there = { $name } can be opened
doctor-right-sandbox = CAP_NET_RAW is there, and a sandbox (seccomp, AppArmor, SELinux or a user namespace) denies the capture nevertheless
doctor-right-leave-sandbox = start loopshark outside of it, from a terminal of its own
doctor-right-container = this container lacks CAP_NET_RAW
doctor-right-start-container = start it with that capability
doctor-right-pod = in a pod's description
doctor-right-bounding = whatever started this process took CAP_NET_RAW away, from root too
doctor-right-other-start = start loopshark from an ordinary terminal, or allow it CAP_NET_RAW there
doctor-right-no-new-privs = this process can gain no rights (no_new_privs): it runs inside a sandbox, an editor's terminal or a service
doctor-right-file-system = CAP_NET_RAW is missing, and files can't carry it where this program is (a file system without capabilities, or mounted nosuid)
doctor-right-install = install the program elsewhere, and grant it there
doctor-right-permitted-only = CAP_NET_RAW is granted to the program without being in effect
doctor-right-not-in-effect = CAP_NET_RAW is granted to the program, and was not in effect when this was started
doctor-right-missing = CAP_NET_RAW is missing
doctor-right-setcap = grant it, again after each build
doctor-right-get-setcap = first install setcap
doctor-right-as-root = or, for once
doctor-right-no-bpf = there is no /dev/bpf* here
doctor-right-chown = grant it until the next start
doctor-right-bpf = /dev/bpf* can't be opened
doctor-right-bpf-group = ChmodBPF is installed, and this user is not in its group access_bpf
doctor-right-join-group = join that group, then log out and in
doctor-right-chmodbpf = or for good, with Wireshark's ChmodBPF
doctor-right-admin-only = Npcap was installed for administrators only
doctor-right-driver = Npcap's driver denies it
doctor-right-admin-terminal = run this from an administrator's terminal
doctor-right-npcap-again = or install Npcap again without that restriction

## The adapter, and a datagram that passes it

doctor-needs-adapter = not looked at: that takes an adapter that is up
doctor-adapter-list = choose another with `-i`
doctor-adapter-down = { $name } is down: nothing passes it
doctor-adapter-up = bring it up
doctor-adapter-other = { $name } is up ({ $addresses }), and is no loopback adapter: what this machine sends itself does not pass it
doctor-adapter-loopback = { $name } is the loopback adapter
doctor-adapter-addresses = { $name } is up, with { $addresses }
doctor-adapter-no-address = { $name } has no { $address }
doctor-adapter-add-address = add it
doctor-trial-seen = a datagram to itself was captured after { $millis } ms
doctor-trial-unseen = a datagram to itself did not pass { $name } in { $seconds } s
doctor-trial-where = a firewall may drop it, or the adapter be another one: `loopshark interfaces`
doctor-trial-loopback-only = not looked at: nothing that this machine sends itself would pass there
doctor-trial-needs-right = not looked at: that takes the right to capture

## The service and its name

doctor-service-free = { $address } is free
doctor-service-someone = somebody
doctor-service-elsewhere = { $address } is free, and { $holder } listens at { $other }: who asks { $address } does not reach it
doctor-service-ask-there = ask it there
doctor-service-open = { $address } is free; a server there is open to the network, too
doctor-service-loopback-instead = a server for this machine alone
doctor-service-answers = { $address } is held by { $holder }, which answers with { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
} in { $millis } ms
doctor-service-answers-open = { $found }; it is bound to { $address }, open to the network
doctor-service-silent = { $address } is held by { $holder }, which does not answer the lab's message
doctor-service-who = who that is
doctor-service-other-port = for a server beside it, another port
doctor-service-lab = the lab's address
doctor-service-no-address = { $address } is no address of this machine
doctor-service-port-denied = { $address } can't be taken: ports below 1024 are root's
doctor-service-refused = { $address } can't be taken: { $reason }
doctor-localhost-unknown = the name localhost is not known here
doctor-localhost-hosts = add it
doctor-localhost-elsewhere = localhost is { $addresses }, which is not this machine's loopback adapter
doctor-localhost-leads-there = localhost is { $addresses }
doctor-localhost-misleads = localhost is { $addresses }: who asks it may not reach { $service }
doctor-localhost-write = write { $service } in the client

## Around it

doctor-place-machine = no container: the loopback adapter is this machine's own
doctor-place-container = this is a container ({ $kind }), with a loopback adapter of its own: what its host sends itself does not pass here
doctor-place-host-network = to share the host's
doctor-place-wsl = this is WSL, with a loopback adapter of its own: what Windows' programs send each other does not pass here
doctor-place-wsl-both = run server and client in WSL, too
doctor-place-sandbox = this is a sandbox ({ $kind }), which may deny a capture
doctor-place-outside = install loopshark outside of it
doctor-tesseract-there = { $version }, for pictures in `check`
doctor-tesseract-missing = tesseract is not installed: `check` can't read pictures
doctor-tesseract-install = install it

## What was probably meant on the command line, and the manual

usage-file = to read or check a file: { $line }
usage-meant = this is written: { $line }
usage-names = names are never looked up: leave `-n` out
usage-display-filter = there are no display filters; `-f` takes a capture filter, for example `udp port 8080`
usage-no-page = { $name }: no such command; there are { $names }
usage-pages = { $count ->
    [one] { $count } page
   *[other] { $count } pages
} in { $folder }
