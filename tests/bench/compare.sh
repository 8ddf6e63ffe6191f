#!/usr/bin/env bash
# Whole programs on the same captures, taking turns, everything they print thrown away: loopshark's views beside tcpdump
# and tshark where these are installed. First the lab's traffic; then a capture of one's own, if there is one; then as
# many requests that nobody answers, all of them open at the end; then the memory of the views on a short and on a long
# capture, which should be the same; and how long a capture of ten frames takes. Captures are made here, in a temporary
# directory that is removed at the end (2 GB for a while at eleven million frames).
#
#     tests/bench/compare.sh [FRAMES]     default 1000000
#
# ROUNDS=5 for more than 3 turns, TSHARK_ROUNDS=3 for more than one of tshark, which takes a hundred times as long;
# MIXED=FILE for a capture of one's own.
set -euo pipefail

frames=${1:-1000000}
rounds=${ROUNDS:-3}
tshark_rounds=${TSHARK_ROUNDS:-1}
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

# One program of the comparison, by its name; its log may have a prefix.
run() {
    words=$(command_line "$1")
    case $words in
    loopshark*) words="$bin/$words" ;;
    TZ=*) words="env $words" ;;
    esac
    # shellcheck disable=SC2086 # words, indeed
    measure "$dir/${3:-}$1.log" $words "$2"
}

best() {
    awk 'NR == 1 || $1 < best { best = $1 } END { print best }' "$1"
}

# The fastest turn, how it compares with another program's, and the largest peak.
report() {
    against=${3:-packets}
    awk -v name="$(command_line "$1")" -v against="$against" -v other="$(best "$dir/${2:-}$against.log")" '
        NR == 1 || $1 < best { best = $1 }
        $2 > peak { peak = $2 }
        END {
            ratio = other > 0 ? sprintf("%.3f", best / other) : "-"
            memory = peak > 0 ? sprintf("%.1f MB", peak / 1024) : "unknown"
            printf "%-38s %8.2f s  %8s x %-8s %12s\n", name, best, ratio, against, memory
        }' "$dir/${2:-}$1.log"
}

# Each of the programs on one capture, turn by turn.
compare() {
    file=$1
    prefix=$2
    shift 2
    round=0
    while [ "$round" -lt "$rounds" ]; do
        for program in "$@"; do
            if [ "$program" != tshark ] || [ "$round" -lt "$tshark_rounds" ]; then run "$program" "$file" "$prefix"; fi
        done
        round=$((round + 1))
    done
    for program in "$@"; do report "$program" "$prefix"; done
    if [ -s "$dir/${prefix}tcpdump.log" ]; then report packets "$prefix" tcpdump; fi
    if [ -s "$dir/${prefix}tshark.log" ]; then report packets "$prefix" tshark; fi
}

peers=
for program in tcpdump tshark; do
    if command -v "$program" >/dev/null; then peers="$peers $program"; fi
done

"$bin/examples/generate" --frames "$frames" "$dir/frames.pcap"
echo "$frames frames, $(wc -c <"$dir/frames.pcap") bytes; the best of $rounds turns"
# shellcheck disable=SC2086 # words, indeed
compare "$dir/frames.pcap" lab- packets $peers exchanges text summary

if [ -n "${MIXED:-}" ]; then
    echo
    echo "a capture of $(wc -c <"$MIXED") bytes"
    # shellcheck disable=SC2086 # words, indeed
    compare "$MIXED" mixed- packets $peers exchanges text summary
fi

echo
echo "$frames open requests"
"$bin/examples/generate" --open --frames "$frames" "$dir/open.pcap"
compare "$dir/open.pcap" open- packets exchanges text summary
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

echo
echo 'a capture of ten frames, a hundred times'
"$bin/examples/generate" --frames 10 "$dir/ten.pcap"
TIMEFORMAT='%R s'
time for _ in $(seq 100); do "$bin/loopshark" read "$dir/ten.pcap" >/dev/null 2>&1; done
