#!/usr/bin/env bash
# From the decision to revoke a device until its last packet, in the lab with a real switch; with both replicas alive,
# and with one killed in the middle. README.md.
#
#   run.sh --programs DIR --site DIR [--count N] [--killed N]      N revocations of each kind; 200 where not given
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$here/../../../tools/run
# shellcheck source=tools/run/site.sh
. "$tools/site.sh"
# shellcheck source=tools/run/show.sh
. "$tools/show.sh"
# shellcheck source=tools/run/acts.sh
. "$tools/acts.sh"
# shellcheck source=tools/run/acts_port.sh
. "$tools/acts_port.sh"

programs='' folder='' count=200 killed=200
while [ $# -gt 0 ]; do
  case $1 in
    --programs) programs=$(cd "$2" && pwd) ;;
    --site) mkdir -p "$2" && folder=$(cd "$2" && pwd) ;;
    --count) count=$2 ;;
    --killed) killed=$2 ;;
    *) echo "run.sh: unknown word '$1'" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$programs" ] && [ -n "$folder" ] || { echo 'run.sh: wants --programs and --site' >&2; exit 2; }

site_use "$folder" "$programs"
site_down || exit 1
find "$folder" -mindepth 1 -delete
chmod 0700 "$folder"
mkdir "$folder"/{etc,log,run,makers,devices,out}
# shellcheck disable=SC2034 # of show.sh
show_log=$folder/log/bench.log
ended() {
  local rc=$?
  trap '' INT TERM
  trap - EXIT
  jobs -p | xargs -r kill 2>/dev/null
  site_down || rc=1
  [ $rc -eq 0 ] || echo "what everybody said: $folder/log/" >&2
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

begin() {
  local anchors
  must 'build the network' lab_up
  must 'build the switch' lab_switch_up
  must 'make keys' site_keys
  must 'make the database' site_database
  must 'write and check configurations' site_configurations
  # shellcheck disable=SC2086 # lists of names
  { must 'start services' site_start $site_all; must 'services are ready' site_await $site_all; }
  write_cli ada
  write_cli ben
  must 'make the maker' make_maker example "$maker" $masa_port
  must 'start the MASA' site_run masa "$programs/pratique-factory" masa --dir "$site/makers/example" \
    --listen "$(lab_address maker L3):$masa_port"
  anchors=$site/makers/example/anchors
  must 'register the maker' cli manufacturers add "$maker" --idevid-anchor "$anchors/idevid.pem" \
    --voucher-anchor "$anchors/voucher.pem" --masa-anchor "$anchors/masa-tls.pem"
  must 'add a rule' cli policies add --name cameras --priority 10 --manufacturer "$maker" --effect allow \
    --segment cameras
  must 'make FreeRADIUS' site_radius_make
  must 'start FreeRADIUS' site_radius_start
  must 'start hostapd' lab_switch_start hostapd-p1 hostapd-p2
  must 'something listens in production' listen_at production
  must 'register the switch' register_switch
}

# SERIES NUMBER: a device of its own, that has onboarded.
serial_of() { printf 'RV-%s-%04d' "$1" "$2"; }
make_and_onboard() {
  must 'a device' make_device example "$1" 'Camera 2'
  device onboard "$1" 0 --timeout 120s --registrar "$(lab_address proxy L1):8443"
  must 'its certificate is known' until_true certificate_is_told "$1"
}
# The replica that keeps the switch.
keeper() {
  pg_psql "$site" -d pratique -Atqc \
    "SELECT r.name FROM network.replica r JOIN network.switch_lease l ON l.keeper = r.life LIMIT 1"
}
# PORT SERIES NUMBER [kill]: one device's life; a line "SERIES PORT SERIAL MILLISECONDS" in out/revocations.txt.
live_and_end() {
  local port=$1 serial mac last decided from
  serial=$(serial_of "$2" "$3")
  from=$(lab_switch_address "station-$port")
  make_and_onboard "$serial"
  # Another machine, for hostapd and the switch: they remember who was here before.
  mac=02:00:$(printf %s "$serial" | sha256sum | sed 's/\(..\)\(..\)\(..\)\(..\).*/\1:\2:\3:\4/')
  must 'its address' lab_exec "station-$port" ip link set dev eth-switch address "$mac"
  must 'its supplicant' supplicant "$port" "$serial"
  must '802.1X' keeps_trying "$port" authenticated "$port"
  must 'it is let through' keeps_trying "$port" reach "station-$port" production
  must 'a connection' site_run "stream-$port" "$tools/../../tests/lab/tcp.py" stream \
    "$(lab_switch_address production)" $hall_port
  must 'it streams' until_true streams production "$from"
  [ -z "${4:-}" ] || must 'kill the replica that keeps the switch' kill_keeper
  must revoke cli_as ben revoke "$serial" --reason bench --yes --wait --wait-limit 120s
  must 'the connection is dead' until_false streams production "$from"
  last=$(last_arrival production "$from")
  decided=$(cli credentials list --device "$serial" --state revoked --output json 2>>"$show_log" |
    json 'd["credentials"][0]["revokeTime"]') && decided=$(date -d "$decided" +%s.%N) || show_fail 'it is not revoked'
  awk -v series="$2" -v port="$port" -v serial="$serial" -v a="$decided" -v b="$last" \
    'BEGIN { printf "%s p%s %s %.1f\n", series, port, serial, (b - a) * 1000 }' >>"$site/out/revocations.txt"
  site_stop "stream-$port"
  lab_switch_stop "supplicant-$port"
  rm -rf "$site/devices/$serial" "$(site_memory)/$serial"
}
# It is started again ten seconds later, as whoever runs services does.
kill_keeper() {
  local name
  name=$(keeper) && [ -n "$name" ] && site_kill9 "$name" || return 1
  { sleep 10 && site_start "$name"; } &
}
# SERIES COUNT [kill]: both ports at once.
series() {
  local port n half=$((($2 / 2) | 1)) workers=() rc=0 worker
  for port in 1 2; do
    {
      for ((n = port; n <= $2; n += 2)); do
        if [ $n -eq $half ]; then live_and_end $port "$1" $n "${3:-}"; else live_and_end $port "$1" $n; fi
      done
    } >>"$site/log/port-$port.log" 2>&1 </dev/null &
    workers+=($!)
  done
  for worker in "${workers[@]}"; do wait "$worker" || rc=1; done
  [ $rc -eq 0 ] || { tail -n 5 "$site/log/port-1.log" "$site/log/port-2.log" >&2; return 1; }
}
# SERIES OF: the value that so many of all do not exceed.
percentile() {
  awk -v series="$1" '$1 == series { print $4 }' "$site/out/revocations.txt" | sort -n |
    awk -v of="$2" '{ v[NR] = $1 } END { at = of * NR; if (at > int(at)) at = int(at) + 1; printf "%.0f", v[int(at)] }'
}
result() { printf 'result revoke %s %s ms\n' "$1" "$2"; }
tell() {
  awk -v series="$1" '$1 == series { n++; sum += $4; if ($4 > most) most = $4 }
    END { printf "  %d revocations, mean %.0f ms, slowest %.0f ms\n", n, sum / n, most }' "$site/out/revocations.txt"
}

echo 'a site: two registrars, two network services, FreeRADIUS, PostgreSQL, Open vSwitch, hostapd'
begin
series warm 2 || exit 1
echo "$count revocations, both replicas alive"
series alive "$count" || exit 1
tell alive
if [ "$killed" -gt 0 ]; then
  echo "$killed revocations, in the middle the replica that keeps the switch is killed"
  series killed "$killed" kill || exit 1
  tell killed
  result killed_slowest "$(percentile killed 1)"
  result killed_p50 "$(percentile killed 0.5)"
  result killed_p99 "$(percentile killed 0.99)"
fi
result p50 "$(percentile alive 0.5)"
result p99 "$(percentile alive 0.99)"
