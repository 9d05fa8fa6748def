#!/usr/bin/env bash
# How long the reconciler takes for a single change, and for all switches at once, with few ports and with many:
# README.md.
#
#   run.sh --programs DIR --site DIR [--rounds N] [--changes N] [--sites "NAME=SWITCHESxPORTS …"]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/run/postgres.sh
. "$here/../../../tools/run/postgres.sh"

programs='' folder='' rounds=9 changes=25
sites='ports_500=10x50 ports_5000=100x50 ports_50000=1000x50 switch_500=1x500 switch_5000=1x5000'
while [ $# -gt 0 ]; do
  case $1 in
    --programs) programs=$(cd "$2" && pwd) ;;
    --site) mkdir -p "$2" && folder=$(cd "$2" && pwd) ;;
    --rounds) rounds=$2 ;;
    --changes) changes=$2 ;;
    --sites) sites=$2 ;;
    *) echo "run.sh: unknown word '$1'" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$programs" ] && [ -n "$folder" ] || { echo "run.sh: wants --programs and --site" >&2; exit 2; }
schema=/usr/share/openvswitch/vswitch.ovsschema
[ -r $schema ] || { echo "bench reconcile: there is no $schema (Debian: openvswitch-common)" >&2; exit 1; }

pg_stop "$folder"
find "$folder" -mindepth 1 -delete
mkdir "$folder/out"
ended() {
  local rc=$?
  trap - EXIT
  pg_stop "$folder" || rc=1
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo 'PostgreSQL (durable), and sites of'
pg_start "$folder" >/dev/null
words=()
for site in $sites; do
  name=${site%%=*}
  echo "  ${site#*=} (switches x ports): $name"
  pg_psql "$folder" -qc "CREATE DATABASE $name"
  words+=(--site "$site=host=$(cat "$folder/socket") user=postgres dbname=$name")
done
figures=$folder/out/figures.txt
"$programs/bench_reconcile" --schema $schema --rounds "$rounds" --changes "$changes" "${words[@]}" \
  --flat ports_500=ports_50000 --flat switch_500=switch_5000 | tee "$figures" | sed 's/^/  /'

# NAME FIGURE
figure() { awk -v name="$1" -v figure="$2" '$1 == name && $2 == figure { print $3 }' "$figures"; }
result() { printf 'result reconcile %s %s %s\n' "$1" "$2" "$3"; }
echo
for site in $sites; do
  name=${site%%=*}
  result "resync_$name" "$(figure "$name" resync)" s
  result "single_change_$name" "$(figure "$name" single_change)" ms
done
case " $sites" in *' switch_500='*' switch_5000='*)
  result flatness_in_switch "$(figure switch_5000 flatness)" ratio ;;
esac
case " $sites" in *' ports_500='*' ports_50000='*)
  result resync_unchanged_written "$(figure ports_50000 resync_unchanged_written)" bytes/port
  result resync_unchanged "$(figure ports_50000 resync_unchanged)" s
  result resync "$(figure ports_50000 resync)" s
  result single_change_p99 "$(figure ports_50000 single_change_p99)" ms
  result single_change "$(figure ports_50000 single_change)" ms
  result flatness_least "$(figure ports_50000 flatness_least)" ratio
  result flatness_most "$(figure ports_50000 flatness_most)" ratio
  result flatness "$(figure ports_50000 flatness)" ratio ;;
esac
