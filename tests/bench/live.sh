#!/usr/bin/env bash
# Live capture on Linux's loopback. First a flood of the lab's 17-byte requests, saved by dumpcap and by `loopshark
# capture --view summary`, taking turns: how many were sent, how many are in the file, how many were dropped by the
# program's own count, and what it cost. Then the capture is stopped for a moment in the middle of a flood, so that
# frames are dropped, and its count of them is held against what is missing. Last, how long a row takes to the screen
# (tests/bench/latency.py). Ends with 1 where loopshark lost what dumpcap did not, counted drops wrongly, or needed more
# than 5 ms for a row.
#
#     tests/bench/live.sh [RATE] [SECONDS]     default 250000 datagrams a second for 10 s; RATE 0 is as fast as it goes
#     ROUNDS=3 PORTS=1 PORT=18080              turns each, ports that send, the port that is sent to
#     COUNT=20 INTERVAL=0.25                   for the rows: messages, and seconds from one to the next
#
# All of it happens in a network of its own, which `unshare` makes, and whose root may capture.
set -euo pipefail

rate=${1:-250000}
seconds=${2:-10}
rounds=${ROUNDS:-3}
ports=${PORTS:-1}
port=${PORT:-18080}
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${CARGO_TARGET_DIR:-$root/target}/release/loopshark
frame=59 # Ethernet, IPv4, UDP and the lab's message
cd "$root"

if [ -z "${LOOPSHARK_OWN_NETWORK:-}" ]; then
    for needed in unshare ip cc; do
        if ! command -v "$needed" >/dev/null; then echo "skipped: this needs Linux with unshare, ip and cc"; exit 0; fi
    done
    # Root makes the network by itself; others become the root of a user namespace first, where that is allowed.
    own=(unshare --net)
    if [ "$(id -u)" != 0 ]; then own=(unshare --map-root-user --net); fi
    if ! "${own[@]}" ip link set lo up 2>/dev/null; then
        echo "skipped: no right to make a network namespace; run this as root"
        exit 0
    fi
    cargo build --release --quiet --bin loopshark
    LOOPSHARK_OWN_NETWORK=yes exec "${own[@]}" "$0" "$@"
fi
ip link set lo up
if ! "$bin" capture -a duration:0 >/dev/null 2>&1; then
    echo "skipped: no right to capture here"
    exit 0
fi

dir=$(mktemp -d)
capture=
# Ends the capture of this turn, and no other.
end() {
    if [ -n "$capture" ]; then
        kill -CONT "$capture" 2>/dev/null || true
        kill -INT "$capture" 2>/dev/null || true
        wait "$capture" 2>/dev/null || true
        capture=
    fi
}
trap 'end; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
cc -O2 -o "$dir/flood" tests/bench/flood.c

# Starts a capture that ends by itself at the latest after so many seconds, and waits until it captures.
start() {
    filter=(-i lo -f "udp port $port" -w "$dir/saved" -a "duration:$2")
    case $1 in
    dumpcap) program=(dumpcap -q -P "${filter[@]}") ready='^File: ' ;;
    loopshark) program=("$bin" capture "${filter[@]}" --view summary) ready='capturing on' ;;
    esac
    rm -f "$dir/saved"
    : >"$dir/errors"
    "${program[@]}" >"$dir/shown" 2>"$dir/errors" &
    capture=$!
    until grep -q "$ready" "$dir/errors"; do
        if ! kill -0 "$capture" 2>/dev/null; then cat "$dir/errors" >&2; exit 2; fi
        sleep 0.02
    done
}

# Ends the capture when it had the time to take all in: seconds of processor and peak memory in MB, before it is gone.
finish() {
    sleep 1
    cost=$(awk -v tick="$(getconf CLK_TCK)" '
        FILENAME ~ /stat$/ { sub(/.*\) /, ""); cpu = ($12 + $13) / tick }
        /^VmHWM/ { peak = $2 / 1024 }
        END { printf "%.2f %.1f", cpu, peak }' "/proc/$capture/stat" "/proc/$capture/status")
    end
    saved=$((($(stat -c %s "$dir/saved") - 24) / (16 + frame)))
    sent=$(awk '{ print $1 }' "$dir/flood.log")
    rate_made=$(awk '{ print $3 }' "$dir/flood.log")
}

# How many frames the program says were dropped.
dropped() {
    case $1 in
    dumpcap) sed -n 's/.*(pcap:\([0-9]*\)\/.*/\1/p' "$dir/errors" ;;
    loopshark) sed -n 's/.* \([0-9]*\) dropped by the kernel$/\1/p' "$dir/errors" ;;
    esac
}

# A turn: what came of the flood, on the screen and as a line of the program's log.
turn() {
    start "$1" $((seconds + 30))
    "$dir/flood" "$port" "$rate" "$seconds" "$ports" >"$dir/flood.log"
    finish
    read -r cpu peak <<<"$cost"
    printf '%-10s %8d/s %10d sent %10d saved %8d missing %8d dropped %6.2f s %7.1f MB\n' \
        "$1" "$rate_made" "$sent" "$saved" $((sent - saved)) "$(dropped "$1")" "$cpu" "$peak"
    echo $((sent - saved)) >>"$dir/$1.missing"
}

# The same, with the capture stopped for a second.
stopped() {
    start "$1" 60
    "$dir/flood" "$port" 200000 3 "$ports" >"$dir/flood.log" &
    flood=$!
    sleep 1
    kill -STOP "$capture"
    sleep 1
    kill -CONT "$capture"
    wait "$flood"
    finish
    printf '%-10s %10d sent %10d saved %8d missing %8d dropped by its own count\n' \
        "$1" "$sent" "$saved" $((sent - saved)) "$(dropped "$1")"
    counted=$(($(dropped "$1") - (sent - saved)))
}

# The most that a program has missed in a turn.
most_missing() {
    sort -n "$dir/$1.missing" | tail -n 1
}

programs=loopshark
if command -v dumpcap >/dev/null; then programs="dumpcap loopshark"; else echo 'without dumpcap, which is not installed'; fi
missed=0

echo "$rate datagrams a second for $seconds s from $ports port(s)"
round=0
while [ "$round" -lt "$rounds" ]; do
    for program in $programs; do turn "$program"; done
    round=$((round + 1))
done
if [ "$(most_missing loopshark)" -gt 0 ]; then
    case $programs in
    dumpcap*) if [ "$(most_missing dumpcap)" = 0 ]; then missed=1; fi ;;
    *) missed=1 ;;
    esac
fi

echo
echo 'stopped for a second under 200000 datagrams a second'
for program in $programs; do stopped "$program"; done
# The kernel counts a frame of loopback twice, so that half of an odd count is one too many.
if [ "$counted" -lt 0 ] || [ "$counted" -gt 10 ]; then missed=1; fi

echo
if command -v python3 >/dev/null; then
    echo 'from the datagram to the row on the screen'
    python3 tests/bench/latency.py "$bin" "${COUNT:-20}" "${INTERVAL:-0.25}" || missed=1
else
    echo 'without the rows, which need python3'
fi
exit "$missed"
