#!/usr/bin/env bash
# How much an onboarding costs the network's side, beside the cryptography that it requires; with no device registered and
# with 100 000.
#
#   run.sh --programs DIR --site DIR [--devices N] [--threads N]
#
# One registrar, one onboarding service and PostgreSQL (durable, as in production) run as processes of their own on the
# loopback; devices and MASA run in the measuring process and are not counted. Figures are of one run and one machine:
# compare the ratios.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/run/site.sh
. "$here/../../../tools/run/site.sh"

programs='' folder='' devices=200 threads=2 registered=100000
while [ $# -gt 0 ]; do
  case $1 in
    --programs) programs=$(cd "$2" && pwd) ;;
    --site) mkdir -p "$2" && folder=$(cd "$2" && pwd) ;;
    --devices) devices=$2 ;;
    --threads) threads=$2 ;;
    *) echo "run.sh: unknown word '$1'" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$programs" ] && [ -n "$folder" ] || { echo "run.sh: wants --programs and --site" >&2; exit 2; }

site_use "$folder" "$programs"
site_down
find "$folder" -mindepth 1 -delete
chmod 0700 "$folder"
mkdir "$folder"/{etc,log,run,out}
ended() {
  local rc=$?
  trap - EXIT
  [ -z "${fleet_PID:-}" ] || kill "$fleet_PID" 2>/dev/null || true
  site_down || rc=1
  [ $rc -eq 0 ] || echo "what everybody said: $folder/log/" >&2
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo 'a site: registrar, onboarding, PostgreSQL'
site_keys >"$folder/log/keys.log"
site_database
site_registrar registrar-1 >"$folder/etc/registrar-1.yaml"
site_onboarding onboarding-1 | sed -E "s/^( +addresses: ).*/\1[$(site_inside server):$(site_rpc_port registrar-1)]/" \
  >"$folder/etc/onboarding-1.yaml"
site_start registrar-1 onboarding-1
site_await registrar-1 onboarding-1
cat >"$folder/etc/ada.yaml" <<YAML
registrar: [$(site_inside server):$(site_rpc_port registrar-1)]
onboarding: [$(site_inside server):$(site_rpc_port onboarding-1)]
identity: $folder/keys/operators/ada
ca: $folder/keys/service-ca/ca.crt
YAML
cli() { "$programs/pratique" --config "$folder/etc/ada.yaml" "$@" >>"$folder/log/cli.log" 2>&1; }

coproc fleet {
  exec "$programs/bench_onboarding" --maker "$folder/maker" --masa "$(lab_address maker L3):9443" \
    --registrar "$(lab_address server L2):$(site_door_port onboarding-1)" --threads "$threads" \
    --process "registrar=$(site_pid registrar-1)" --process "onboarding=$(site_pid onboarding-1)" \
    --process "postgresql=$(head -n 1 "$folder/db/postmaster.pid")" 2>>"$folder/log/fleet.log"
}
# Sends a command, keeps the figures, ends with the failure if it failed.
figures=$folder/out/figures.txt
: >"$figures"
ask() {
  local line
  echo "$*" >&"${fleet[1]}"
  while read -r line <&"${fleet[0]}"; do
    case $line in
      ok) return 0 ;;
      failed:*) echo "$*: $line" >&2; return 1 ;;
      *) echo "$line" >>"$figures"; echo "  $line" ;;
    esac
  done
  echo "$*: the measuring process ended; see $folder/log/fleet.log" >&2
  return 1
}
# LABEL FIGURE
figure() { awk -v label="$1" -v figure="$2" '$1 == "round" && $2 == label && $3 == figure { print $4 }' "$figures"; }

read -r _ anchors <&"${fleet[0]}"
cli manufacturers add 'Bench Devices' --idevid-anchor "$anchors/idevid.pem" --voucher-anchor "$anchors/voucher.pem" \
  --masa-anchor "$anchors/masa-tls.pem"
cli policies add --name 'bench' --priority 10 --manufacturer 'Bench Devices' --effect allow --segment bench

echo "the floor, then $devices devices with none registered before ($threads at a time)"
ask floor 2
ask round warm 20
ask round none "$devices"
echo "the same with $registered devices registered"
pg_psql "$folder" -q -d pratique -v ON_ERROR_STOP=1 -c "
  INSERT INTO registrar.device (id, manufacturer, serial_number, model, state, authorized, credential_revoked, display_name,
    location, segment, credential_profile, labels, granted_segment, granted_profile, idevid_fingerprint, mud_url,
    onboarding_count, create_time, update_time, version)
  SELECT gen_random_uuid(), (SELECT id FROM registrar.manufacturer LIMIT 1), 'ROW-' || n, 'Registered', 'expected', true,
    false, '', 'hall-2', 'bench', '', '{}', '', '', '', '', 0, now(), now(), 1
  FROM generate_series(1, $registered) AS n;
" -c 'VACUUM (ANALYZE) registrar.device' -c CHECKPOINT
ask round warm 20
ask round many "$devices"
ask floor 2

floor=$(awk '$1 == "floor" && $2 == "onboarding" { sum += $3; n++ } END { print sum / n }' "$figures")
echo
echo "where the time goes, of one onboarding with none registered: floor $floor ms; $(
  awk '$1 == "round" && $2 == "none" && $3 ~ /^cpu_/ { printf "%s %s ms; ", substr($3, 5), $4 }' "$figures")"
result() { printf 'result onboarding %s %s %s\n' "$1" "$2" "$3"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
result rate "$(figure none rate)" devices/s
result p50 "$(figure none p50)" ms
result p99 "$(figure none p99)" ms
for name in registrar onboarding postgresql; do result "cpu_$name" "$(figure none cpu_$name)" ms/device; done
result floor "$floor" ms/device
result cpu_over_floor "$(ratio "$(figure none cpu)" "$floor")" ratio
result flatness "$(ratio "$(figure many rate)" "$(figure none rate)")" ratio
