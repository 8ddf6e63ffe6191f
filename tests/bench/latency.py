#!/usr/bin/env python3
"""How long a row takes from the datagram to the screen: `loopshark capture` on a pseudo-terminal, one message after the
other with a pause between them, each from a port of its own and answered at once. The time is taken just before a
datagram is sent and when the row with its ports has come out of the terminal, line end and all.

    tests/bench/latency.py LOOPSHARK [COUNT] [INTERVAL]     default 20 messages, 0.25 s from one to the next

Needs the right to capture. Ends with 1 where the median of either kind of row is above 5 ms. The lab is not measured:
it shows its table at the end, since its consoles may have the same screen.
"""

import fcntl
import math
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

BAR_MS = 5.0
LATEST = 2.0  # seconds after which a row that has not come is missing


def bound():
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.bind(("127.0.0.1", 0))
    return endpoint


def start(program, port):
    """The capture, and the person's end of its terminal."""
    person, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    command = [program, "capture", "-f", f"udp port {port}"]
    capture = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    line = capture.stderr.readline()
    if b"capturing on" not in line:
        sys.exit(line.decode().strip())
    return capture, person


class Screen:
    """The terminal, and what is waited for on it."""

    def __init__(self, person):
        self.person = person
        self.text = b""
        self.waited = {}
        self.took = {"request": [], "response": []}

    def expect(self, kind, source, destination):
        self.waited[f"{source} → {destination} Len=".encode()] = (kind, time.monotonic())

    def look(self):
        self.text += os.read(self.person, 65536)
        now = time.monotonic()
        *lines, self.text = self.text.split(b"\n")
        for line in lines:
            for ports in [ports for ports in self.waited if ports in line]:
                kind, sent = self.waited.pop(ports)
                self.took[kind].append((now - sent) * 1000)


def measure(screen, server, count, interval):
    port = server.getsockname()[1]
    clients = []
    due = time.monotonic() + interval
    while len(clients) < count or screen.waited:
        now = time.monotonic()
        if len(clients) < count and now >= due:
            client = bound()
            clients.append(client)  # open to the end, so that no port comes twice
            screen.expect("request", client.getsockname()[1], port)
            client.sendto(b"Mando paquete UDP", ("127.0.0.1", port))
            due += interval
        if len(clients) == count and now > due + LATEST:
            break
        ready, _, _ = select.select([screen.person, server], [], [], max(0, min(due - time.monotonic(), LATEST)))
        if screen.person in ready:
            screen.look()
        if server in ready:
            _, client = server.recvfrom(2048)
            screen.expect("response", port, client[1])
            server.sendto(b"Mensaje recibido correctamente", client)


def report(kind, took, count):
    if not took:
        print(f"{kind:<9} none of {count} rows came")
        return False
    took = sorted(took)
    at = lambda share: took[math.ceil(share * len(took)) - 1]
    print(
        f"{kind:<9} {len(took)} of {count} rows: min {took[0]:.2f} ms, p50 {at(0.5):.2f} ms, "
        f"p95 {at(0.95):.2f} ms, max {took[-1]:.2f} ms"
    )
    return len(took) == count and at(0.5) <= BAR_MS


def main(program, count=20, interval=0.25):
    count, interval = int(count), float(interval)
    server = bound()
    capture, person = start(program, server.getsockname()[1])
    screen = Screen(person)
    measure(screen, server, count, interval)
    capture.send_signal(signal.SIGINT)
    capture.communicate(timeout=10)
    reached = [report(kind, took, count) for kind, took in screen.took.items()]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("usage: latency.py LOOPSHARK [COUNT] [INTERVAL]")
    sys.exit(main(*sys.argv[1:]))
