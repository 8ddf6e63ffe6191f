#!/usr/bin/env bash
# Whole programs on the same capture, taking turns, everything they print thrown away: loopshark's views beside tcpdump
# and tshark where these are installed. Then the views on as many requests that nobody answers, all of them open at the
# end; and the memory of the views on a short and on a long capture, which should be the same. Captures are made here, in a temporary directory that is removed at the end (1 GB for a while).
#
#     tests/bench/compare.sh [FRAMES]     default 1000000; ROUNDS=5 for more than 3 turns
set -euo pipefail

frames=${1:-1000000}
rounds=${ROUNDS:-3}
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${CARGO_TARGET_DIR:-$root/target}/release

cd "$root"
cargo build --release --quiet --bin loopshark
cargo build --release --quiet --example generate

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

if [ -x /usr/bin/time ] && /usr/bin/time -f '%e %M' true 2>/dev/null; then
    gnu_time=yes
else
    gnu_time=no
fi

# Runs a command and appends its seconds and its peak memory in kB (0 where unknown) to a file.
measure() {
    log=$1
    shift
    if [ "$gnu_time" = yes ]; then
        /usr/bin/time -q -a -o "$log" -f '%e %M' "$@" >/dev/null 2>&1
    else
        TIMEFORMAT='%R 0'
        { time "$@" >/dev/null 2>&1; } 2>>"$log"
    fi
}

# One program of the comparison, by its name; its log may have a prefix.
run() {
    log=$dir/${3:-}$1.log
    file=$2
    case $1 in
    packets) measure "$log" "$bin/loopshark" read --view packets --all "$file" ;;
    exchanges) measure "$log" "$bin/loopshark" read "$file" ;;
    text) measure "$log" "$bin/loopshark" read -T text "$file" ;;
    summary) measure "$log" "$bin/loopshark" read --view summary "$file" ;;
    tcpdump) measure "$log" env TZ=UTC tcpdump -nn -r "$file" ;;
    tshark) measure "$log" tshark -n -r "$file" ;;
    esac
}

command_line() {
    case $1 in
    packets) echo 'loopshark read --view packets --all' ;;
    exchanges) echo 'loopshark read' ;;
    text) echo 'loopshark read -T text' ;;
    summary) echo 'loopshark read --view summary' ;;
    tcpdump) echo 'TZ=UTC tcpdump -nn -r' ;;
    tshark) echo 'tshark -n -r' ;;
    esac
}

# The fastest turn, and the largest peak.
report() {
    awk -v name="$(command_line "$1")" -v frames="$frames" '
        NR == 1 || $1 < best { best = $1 }
        $2 > peak { peak = $2 }
        END {
            rate = best > 0 ? sprintf("%.0f", frames / best) : "-"
            memory = peak > 0 ? sprintf("%.1f MB", peak / 1024) : "unknown"
            printf "%-38s %8.2f s %12s frames/s %12s\n", name, best, rate, memory
        }' "$dir/${2:-}$1.log"
}

programs=packets
for program in tcpdump tshark; do
    if command -v "$program" >/dev/null; then programs="$programs $program"; fi
done
programs="$programs exchanges summary"

"$bin/examples/generate" --frames "$frames" "$dir/frames.pcap"
echo "$frames frames, $(wc -c <"$dir/frames.pcap") bytes; the best of $rounds turns"
round=0
while [ "$round" -lt "$rounds" ]; do
    for program in $programs; do run "$program" "$dir/frames.pcap"; done
    round=$((round + 1))
done
for program in $programs; do report "$program"; done

echo
echo "$frames open requests"
"$bin/examples/generate" --open --frames "$frames" "$dir/open.pcap"
views="exchanges text summary"
round=0
while [ "$round" -lt "$rounds" ]; do
    for program in $views; do
        run "$program" "$dir/frames.pcap" lab-
        run "$program" "$dir/open.pcap" open-
    done
    round=$((round + 1))
done
for program in $views; do
    for mix in lab open; do
        printf '%-5s' "$mix"
        report "$program" "$mix-"
    done
done
rm "$dir/frames.pcap" "$dir/open.pcap"

if [ "$gnu_time" = no ]; then
    echo 'memory: not measured (needs GNU time as /usr/bin/time)'
    exit 0
fi
echo
echo 'peak memory by the length of the capture'
for size in 100M 1G; do
    "$bin/examples/generate" --bytes "$size" "$dir/$size.pcap"
    for program in packets exchanges summary; do
        rm -f "$dir/$program.log"
        run "$program" "$dir/$size.pcap"
        awk -v name="$(command_line "$program")" -v size="$size" \
            '{ printf "%-38s %5s %10.1f MB %8.2f s\n", name, size, $2 / 1024, $1 }' "$dir/$program.log"
    done
    rm "$dir/$size.pcap"
done
