#!/usr/bin/env bash
# What certificates, requests and vouchers cost, as multiples of a bare P-256 signature check (of a bare signature, for
# what signs) in the same run.
#
#   run.sh --programs DIR [--site DIR] [--seconds N]       N seconds for each figure
set -euo pipefail

programs='' seconds=0.5
while [ $# -gt 0 ]; do
  case $1 in
    --programs) programs=$2 ;;
    --site) ;;  # nothing is kept
    --seconds) seconds=$2 ;;
    *) echo "run.sh: unknown word '$1'" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$programs" ] || { echo "run.sh: wants --programs" >&2; exit 2; }

"$programs/bench_crypto" "$seconds" | while read -r figure ratio micros; do
  case $figure in
    bare_*) printf 'result crypto %s %s us\n' "$figure" "$micros" ;;
    *) printf 'result crypto %s %s ratio\n' "$figure" "$ratio" ;;
  esac
done
