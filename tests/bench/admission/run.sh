#!/usr/bin/env bash
# How much an admission by 802.1X costs with policy from PostgreSQL, beside FreeRADIUS alone with static files:
# README.md.
#
#   run.sh --programs DIR --site DIR [--admissions N] [--rounds N] [--threads N] [--durable no]
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)

[ "$(id -u)" = 0 ] || { echo 'bench admission: wants root, for network namespaces' >&2; exit 1; }
if [ -z "${PRATIQUE_BENCH_ADMISSION:-}" ]; then
  PRATIQUE_BENCH_ADMISSION=1 exec unshare --net "$BASH" "${BASH_SOURCE[0]}" "$@"
fi
ip link set lo up

programs='' folder='' admissions=100 rounds=10 threads=4 durable=yes
while [ $# -gt 0 ]; do
  case $1 in
    --programs) programs=$(cd "$2" && pwd) ;;
    --site) mkdir -p "$2" && folder=$(cd "$2" && pwd) ;;
    --admissions) admissions=$2 ;;
    --rounds) rounds=$2 ;;
    --threads) threads=$2 ;;
    --durable) durable=$2 ;;  # no: PostgreSQL does not wait for the disk
    *) echo "run.sh: unknown word '$1'" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$programs" ] && [ -n "$folder" ] || { echo 'run.sh: wants --programs and --site' >&2; exit 2; }

export LC_ALL=C.UTF-8
umask 077
site=$folder
# shellcheck source=tools/run/postgres.sh
. "$top/tools/run/postgres.sh"
pg_stop "$site" 2>/dev/null
find "$site" -mindepth 1 -delete
mkdir "$site"/{log,out}
chmod 0711 "$site"
open=$(mktemp -d /tmp/pq-admission.XXXXXX)
chmod 0711 "$open"
# shellcheck source=tests/lab/radius.sh
. "$top/tests/lab/radius.sh"
# shellcheck source=tests/integration/radius/place.sh
. "$top/tests/integration/radius/place.sh"
# shellcheck source=tests/bench/admission/sides.sh
. "$here/sides.sh"

ended() {
  local rc=$?
  trap - EXIT
  radius_stop "$open"
  radius_stop "$still"
  pg_stop "$site" || rc=1
  cp "$open/freeradius/log/radius.log" "$site/log/ours.log" 2>/dev/null
  cp "$still/freeradius/log/radius.log" "$site/log/static.log" 2>/dev/null
  rm -rf "$open"
  [ $rc -eq 0 ] || echo "what everybody said: $site/log/, $site/out/" >&2
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

started() {
  "$@" >>"$site/log/start.log" 2>&1 </dev/null ||
    { echo "bench admission: $* failed: $(tail -n 3 "$site/log/start.log")" >&2; exit 1; }
}
if [ "$durable" = no ]; then export PRATIQUE_PG_FAST=1; fi
echo "PostgreSQL (durable: $durable), FreeRADIUS as shipped, FreeRADIUS alone"
"$programs/pratique-radius-secret" key bench-1 >"$site/radius.keys"
started place_certificates
started place_database
started place_rows
started place_crowd
started place_freeradius
mkdir "$still" && chmod 0711 "$still"
started place_static
{
  echo fast_reauth=0   # every exchange is a full one
  supplicant_conf sensor eapol | sed '/^ctrl_interface\|^ap_scan/d'
} >"$site/eapol.conf"

# One line a measurement: SIDE PHASE COUNT SECONDS FREERADIUS_CPU POSTGRESQL_CPU.
figures=$site/out/figures.txt
# SIDE PHASE COUNT COMMAND…
measured() {
  local side=$1 phase=$2 count=$3 began before
  shift 3
  before=$(cpu_of "$side")
  began=$EPOCHREALTIME
  "$@" || exit 1
  echo "$side $phase $count $began $EPOCHREALTIME $before $(cpu_of "$side")" |
    awk '{ printf "%s %s %d %.3f %.6f %.6f\n", $1, $2, $3, $5 - $4, $8 - $6, $9 - $7 }' | tee -a "$figures" |
    awk '{ printf "  %-7s %-11s %4d in %6.2f s, %6.1f/s; ", $1, $2, $3, $4, $3 / $4
      printf "CPU: FreeRADIUS %.3f s, PostgreSQL %.3f s\n", $5, $6 }'
}
for side in ours static; do knock $side $((10 * threads)) $threads && account_all $side 20 warm || exit 1; done
for ((round = 1; round <= rounds; round++)); do
  echo "round $round of $rounds"
  for side in ours static; do
    measured $side eap-tls "$admissions" knock $side "$admissions" "$threads"
    measured $side accounting "$admissions" account_all $side "$admissions" "round-$round"
  done
done
holds_words=$(sql "SELECT count(*) FROM radius_report WHERE kind = 'accept'")
[ "$holds_words" -ge $((rounds * admissions)) ] ||
  { echo "bench admission: $holds_words accepts were written down, of $((rounds * admissions))" >&2; exit 1; }

read -r _ before <<<"$(cpu_of ours)"
hand_on || exit 1
read -r _ after <<<"$(cpu_of ours)"

# SIDE PHASE(regular expression) FIELD…: the median over rounds of CPU seconds for one admission.
each() {
  local side=$1 phase=$2
  shift 2
  awk -v side="$side" -v phase="^($phase)\$" -v fields="$*" '
    $1 == side && $2 ~ phase {
      round[$2]++
      n = split(fields, f, " ")
      for (i = 1; i <= n; i++) sum[round[$2]] += $f[i] / $3
    }
    END { for (r in sum) print sum[r] }' "$figures" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
rate() { awk -v side="$1" '$1 == side && $2 == "eap-tls" { print $3 / $4 }' "$figures" | sort -n |
  awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] }'; }
result() { printf 'result admission %s %s %s\n' "$1" "$2" "$3"; }
over() { awk -v a="$1" -v b="$2" "BEGIN { printf \"%.3f\", $3 }"; }

ours=$(each ours 'eap-tls|accounting' 5 6) static=$(each static 'eap-tls|accounting' 5 6)
ours_tls=$(each ours eap-tls 5 6) static_tls=$(each static eap-tls 5 6)
ms() { over "$1" 0 'a * 1000'; }
echo
echo "CPU of one EAP-TLS exchange: ours $(ms "$ours_tls") ms, of which PostgreSQL $(ms "$(each ours eap-tls 6)") ms;" \
  "static files $(ms "$static_tls") ms"
echo "beside it, when \`network\` takes the report: $(over "$after" "$before" "(a - b) * 1000 / $holds_words") ms of" \
  "PostgreSQL for the accept's last word at its port"
echo "with accounting, start and stop: ours $(ms "$ours") ms; static files $(ms "$static") ms"
result eap_tls_rate "$(rate ours)" logons/s
result eap_tls_rate_static "$(rate static)" logons/s
result with_accounting_ratio "$(over "$static" "$ours" 'a / b')" ratio
result per_core "$(over "$ours_tls" 0 '1 / a')" logons/s
result per_core_static "$(over "$static_tls" 0 '1 / a')" logons/s
result ratio "$(over "$static_tls" "$ours_tls" 'a / b')" ratio
