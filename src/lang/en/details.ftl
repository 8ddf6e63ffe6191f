## What --explain says under a frame

details-part-payload = payload
details-part-fragment = fragment
details-part-extension = IPv6 extension
details-part-trailer = behind the packet

details-sum = Frame { $number }: { $parts } = { $length } bytes.
details-places = Places: the numbers at the left above, and those in brackets here, say where in the frame a field's bytes stand, counted from 0. What has none was not sent: it was worked out from the rest.

details-link-null = NULL: instead of an Ethernet header, four bytes that only say what follows (2 is IPv4). Npcap's loopback adapter and lo0 of macOS write them. Linux puts an Ethernet header of 14 bytes before the same packet: a frame of 49 bytes here is one of 59 there, and nothing else about it differs.
details-link-ethernet = Ethernet: the receiver's address (6 bytes), the sender's (6) and the type of what follows (2; 0x0800 is IPv4) make 14. On the loopback of Linux there is no network card, so both addresses are zeros. The checksum that ends a frame on the cable is not captured.
details-link-cooked = Linux "cooked" capture: what a capture on the device "any" has instead of each device's own header, 16 bytes in its first version and 20 in its second. It says in which direction the frame went, on what kind of device, and what follows. It never was on a cable.
details-ipv6 = IPv6: its header always has 40 bytes, 32 of them addresses. IPv4's has 20, 8 of them addresses, and more where there are options. The IPv6 header has no checksum; Payload Length does not count the header itself, whereas IPv4's Total Length does.
details-tcp = TCP: its header has 20 bytes, and more where there are options. A segment without payload (Len=0) only acknowledges, or opens or closes the connection. UDP has none of this: no connection, no acknowledgment, no repetition.

details-lengths = Length and Len: Length, the column, counts the whole frame, here { $length } bytes. Len, in Info, counts only what the application sent, here { $len }. The difference of { $headers } bytes is the headers. The field Length in UDP's header counts that header's 8 bytes too: 8 + { $len } = { $udp }.

details-fragments = Fragments: this packet was too long for the link's MTU, so IP sent its payload in pieces, each in a frame with an IP header of its own. Only the first piece begins with the UDP header. The datagram is shown at the frame that completes it, and places with an r before them count in the packet that was put together.

details-ip-checksum = IPv4's header checksum is 0x0000: the system left it to the network card (offload), and on the loopback there is no card that could fill it in. Npcap shows the packet as the system handed it over. Nothing is broken; Wireshark verifies it only if asked to.

details-checksum-absent = UDP's checksum is 0x0000: the sender computed none, which IPv4 allows and IPv6 does not.
details-checksum-right = UDP's checksum { $sum } is the right one for these bytes: it was computed anew from the addresses, the ports, the length and the payload. Wireshark says "unverified" because it does not do so by default.
details-checksum-loopback = UDP's checksum { $sum } looks wrong; the right one would be { $right }. Nothing is broken: { $sum } is the sum of the addresses, the protocol and the length alone, which the kernel leaves there for the network card to go on from (offload). On the loopback there is no card, the bytes never leave memory, and so nobody completes it. This is why Wireshark says "unverified" and does not verify by default.
details-checksum-unfinished = UDP's checksum { $sum } looks wrong; the right one would be { $right }. { $sum } is the sum of the addresses, the protocol and the length alone, which the kernel leaves there for the network card to go on from (offload). The frame was captured before the card had it; where it arrives, the checksum is complete. This is why Wireshark says "unverified" and does not verify by default.
details-checksum-wrong = UDP's checksum { $sum } is not the one for these bytes, which is { $right }. Either they were changed on their way or in the capture, or the sender left the checksum to its network card (offload), and it was captured before that.

details-ports = Ports: an address finds the machine, a port the program on it. The service's port is fixed and known, so that clients find it: the server asked for it (bind). The client's is ephemeral: the system lends it one that is free, and takes it back with the socket; Linux does so from 32768 on, Windows and macOS from 49152 on. The answer goes to the port that the question came from.
details-ports-request = Here: from { $src }, the client's port, to { $dst }, the service's.
details-ports-response = Here: from { $src }, the service's port, to { $dst }, the client's.

details-unreachable = ICMP "Port unreachable": no program has UDP port { $dst } open, so the datagram from port { $src } was not delivered to anyone.
details-unreachable-why = It is the system of the addressed machine that says so, not a program. It quotes the datagram, IP and UDP header included, so that the sender's system can tell by the ports which socket sent it; a program that looks for it sees "connection refused". UDP itself notices nothing, and where a firewall drops the ICMP message, the datagram is just lost.

details-not-in-view = { $flags } shows frames, and --view { $view } shows none: leave one of them out
details-not-in-format = { $flags } shows frames as text, so it can't go with another -T: leave one of them out
