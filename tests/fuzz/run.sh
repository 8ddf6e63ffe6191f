#!/usr/bin/env bash
# Fuzzes: `run.sh SECONDS [TARGET...]`, each target for so long, all of them unless some are named. What they found interesting
# stays in `corpus`, what they found wrong lies in `artifacts`, and makes the exit status 1.
#
# A finding is also an allocation or a memory beyond the caps of docs/architecture.md, and an input that takes longer than
# TIMEOUT seconds: with the sanitizer, on a machine with other work, ten seconds are what one is without. What takes more
# than two is reported, to be looked at.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?usage: run.sh SECONDS [TARGET...]}
shift
[ $# -gt 0 ] || set -- files links tcp dns matcher report picture pdf
timeout=${TIMEOUT:-10}

# For each target: MiB that one allocation and all memory may take, the longest input, and more options.
limits() {
    case $1 in
        # A window of Zstandard's has 128 MiB. Notices about what is hidden would fill the log.
        files) echo 160 1024 65536 -close_fd_mask=2 ;;
        # 64 million points of four samples, two bytes each; and what they become.
        picture) echo 520 2048 65536 ;;
        # What a PDF may unpack to.
        pdf) echo 1040 2560 65536 ;;
        # Inputs that are not bytes of a capture have no natural length.
        tcp | matcher) echo 32 1024 16384 -len_control=10 ;;
        *) echo 32 1024 16384 ;;
    esac
}

figure() { sed -n "s/^stat::$1: *//p" "$log"; }
written() { sed -n "s/.*Test unit written to \(.*$1-.*\)/\1/p" "$log" | sort -u; }

mkdir -p logs
failed=0
for target in "$@"; do
    python3 seeds.py "$target"
    read -r allocation memory length more < <(limits "$target")
    options=(-max_total_time="$seconds" -timeout="$timeout" -report_slow_units=2 -malloc_limit_mb="$allocation"
        -rss_limit_mb="$memory" -max_len="$length" -print_final_stats=1)
    [ -z "$more" ] || options+=("$more")
    [ ! -e "dictionaries/$target.dict" ] || options+=(-dict="dictionaries/$target.dict")
    log=logs/$target.log
    cargo +nightly fuzz build --fuzz-dir . "$target"
    begin=$(date +%s)
    status=0
    nice -n 15 cargo +nightly fuzz run --fuzz-dir . "$target" -- "${options[@]}" >"$log" 2>&1 || status=$?
    took=$(($(date +%s) - begin))
    reached=$(grep -ao 'cov: [0-9]* ft: [0-9]* corp: [0-9]*' "$log" | tail -n 1 || true)
    wrong=$(written '\(crash\|leak\|oom\|timeout\)')
    slow=$(written slow-unit)
    echo "$target: $took s, $(figure number_of_executed_units) executions, ${reached:-no coverage}," \
        "peak $(figure peak_rss_mb) MB, $(grep -c . <<<"$wrong") findings"
    [ -z "$wrong$slow" ] || printf '%s\n' "$wrong" "$slow" | grep .
    [ "$status" -eq 0 ] || { failed=1 && tail -n 30 "$log" >&2; }
done
exit "$failed"
