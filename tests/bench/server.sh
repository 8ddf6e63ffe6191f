#!/usr/bin/env bash
# The lab's server in four kinds, taking turns under the same load, `loopshark client --in-flight`, all they print thrown
# away: the lab's program in Node, loopshark with its two lines a message, loopshark without them, and the least that a
# server in C can do. Says what each answered a second at best, what was lost in all turns together, and the processor
# time that the server took for a message, which does not depend on how fast the client is. Ends with 1 where loopshark
# lost a message, is not 5 times as fast as Node, or, without its lines, not 0.7 times as fast as the server in C.
#
#     tests/bench/server.sh [COUNT]     default 300000 messages a turn, a tenth of them for Node
#     ROUNDS=5 IN_FLIGHT=32 PORT=18080  turns each, messages that wait at a time, where the servers listen
set -euo pipefail

count=${1:-300000}
rounds=${ROUNDS:-5}
in_flight=${IN_FLIGHT:-32}
port=${PORT:-18080}
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${CARGO_TARGET_DIR:-$root/target}/release/loopshark

cd "$root"
cargo build --release --quiet --bin loopshark

dir=$(mktemp -d)
server=
# Ends the server of this turn, and no other.
end() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}
trap 'end; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

command_line() {
    case $1 in
    node) echo 'node tests/bench/server.js' ;;
    lines) echo 'loopshark server' ;;
    quiet) echo 'loopshark server --quiet' ;;
    bare) echo 'recvmmsg and sendmmsg in C' ;;
    esac
}

client() {
    "$bin" client --server "127.0.0.1:$port" --quiet "$@"
}

# Processor time of a process in microseconds, user and system; 0 where the system has no /proc.
cpu() {
    if [ -r "/proc/$1/stat" ]; then
        awk -v tick="$(getconf CLK_TCK)" '{ printf "%.0f\n", ($14 + $15) * 1e6 / tick }' "/proc/$1/stat"
    else
        echo 0
    fi
}

# A turn: one line of answered a second, lost, and microseconds of the server's processor a message.
turn() {
    kind=$1
    messages=$2
    case $kind in
    node) program=(node tests/bench/server.js "$port") ;;
    lines) program=("$bin" server --bind "127.0.0.1:$port") ;;
    quiet) program=("$bin" server --bind "127.0.0.1:$port" --quiet) ;;
    bare) program=("$dir/bare" "$port") ;;
    esac
    "${program[@]}" >/dev/null 2>"$dir/errors" &
    server=$!
    until client --count 1 --interval 0 --timeout 0.2 >/dev/null 2>&1; do
        if ! kill -0 "$server" 2>/dev/null; then
            cat "$dir/errors" >&2
            exit 2
        fi
    done
    before=$(cpu "$server")
    client --in-flight "$in_flight" --count "$messages" >/dev/null 2>"$dir/report" || true
    after=$(cpu "$server")
    end
    awk -v cpu=$((after - before)) '
        / answered in / { split($0, part, ", "); rate = part[2] + 0 }
        / sent, / { split($0, part, ", "); answered = part[2] + 0; lost = part[3] + 0 }
        END { printf "%.0f %d %.3f\n", rate, lost, (answered ? cpu / answered : 0) }' "$dir/report" >>"$dir/$kind.log"
}

# The fastest turn, all losses, and the least processor time.
best() {
    awk '
        $1 > rate { rate = $1 }
        { lost += $2 }
        NR == 1 || $3 < cpu { cpu = $3 }
        END { print rate, lost, cpu }' "$dir/$1.log"
}

# Says whether a rate is so many times another.
bar() {
    awk -v one="$(best "$1" | cut -d ' ' -f 1)" -v times="$2" -v other="$(best "$3" | cut -d ' ' -f 1)" \
        -v names="$(command_line "$1"), $2 times $(command_line "$3")" 'BEGIN {
            printf "%s: %.2f, %s\n", names, one / other, (one >= times * other) ? "reached" : "missed"
            exit (one < times * other)
        }'
}

kinds='lines quiet'
if command -v node >/dev/null; then kinds="node $kinds"; else echo 'without Node, which is not installed'; fi
if [ "$(uname)" = Linux ] && command -v cc >/dev/null; then
    cc -O2 -o "$dir/bare" tests/bench/server.c
    kinds="$kinds bare"
else
    echo 'without the server in C, which needs Linux and cc'
fi

echo "$count messages, $in_flight at a time; the best of $rounds turns"
round=0
while [ "$round" -lt "$rounds" ]; do
    for kind in $kinds; do
        if [ "$kind" = node ]; then turn node $((count / 10)); else turn "$kind" "$count"; fi
    done
    round=$((round + 1))
done

missed=0
for kind in $kinds; do
    read -r rate lost cpu <<<"$(best "$kind")"
    printf '%-28s %8d answered/s %6d lost %7.2f µs of processor a message\n' "$(command_line "$kind")" "$rate" "$lost" "$cpu"
    case $kind in lines | quiet) if [ "$lost" -gt 0 ]; then missed=1; fi ;; esac
done
case $kinds in node*) bar lines 5 node || missed=1 ;; esac
case $kinds in *bare) bar quiet 0.7 bare || missed=1 ;; esac
exit "$missed"
