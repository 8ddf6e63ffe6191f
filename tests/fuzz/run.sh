#!/usr/bin/env bash
# Fuzzes: `run.sh SECONDS [TARGET...]`, each target for so long, all of them unless some are named. What they found interesting
# stays in `corpus`, what they found wrong lies in `artifacts`, and the last is the exit status.
#
# An allocation or a memory beyond the caps of docs/architecture.md is a finding, and so is an input that takes longer than
# TIMEOUT: the sanitizer and a machine with other work make a second of what takes a tenth of one. What takes more than a
# second all the same is reported, to be looked at.
set -euo pipefail
cd "$(dirname "$0")"
all=(files links tcp dns matcher report picture pdf)
seconds=${1:?usage: run.sh SECONDS [TARGET...]}
shift
[ $# -gt 0 ] || set -- "${all[@]}"
timeout=${TIMEOUT:-5}

# For each target: MiB that one allocation and all memory may take, the longest input, and more.
limits() {
    case $1 in
        files) echo 160 1024 65536 ;;
        picture) echo 520 2048 65536 ;;
        pdf) echo 1040 2560 65536 ;;
        *) echo 32 1024 16384 ;;
    esac
}

mkdir -p logs
failed=0
for target in "$@"; do
    python3 seeds.py "$target"
    mkdir -p "corpus/$target"
    read -r allocation memory length < <(limits "$target")
    options=(-max_total_time="$seconds" -timeout="$timeout" -report_slow_units=1 -malloc_limit_mb="$allocation"
        -rss_limit_mb="$memory" -max_len="$length" -print_final_stats=1)
    [ ! -e "dictionaries/$target.dict" ] || options+=(-dict="dictionaries/$target.dict")
    log=logs/$target.log
    cargo +nightly fuzz build --fuzz-dir . "$target"
    begin=$(date +%s)
    status=0
    nice -n 15 cargo +nightly fuzz run --fuzz-dir . "$target" -- "${options[@]}" >"$log" 2>&1 || status=$?
    took=$(($(date +%s) - begin))
    figure() { sed -n "s/^stat::$1: *//p" "$log"; }
    # The last line that says how far it came: "#123 DONE cov: 456 ft: 789 corp: 12/34Kb …".
    reached=$(grep -o 'cov: [0-9]* ft: [0-9]* corp: [0-9]*' "$log" | tail -n 1 || true)
    wrong=$(grep -o 'Test unit written to .*' "$log" | sed 's/.* //' | sort -u || true)
    echo "$target: $took s, $(figure number_of_executed_units) executions, ${reached:-no coverage}," \
        "slowest $(figure slowest_unit_time_sec) s, peak $(figure peak_rss_mb) MB, $(printf '%s' "$wrong" | grep -c . || true) findings"
    [ -z "$wrong" ] || echo "$wrong"
    [ "$status" -eq 0 ] || { failed=1 && tail -n 30 "$log" >&2; }
done
exit "$failed"
