#!/usr/bin/env bash
# The lab's switch place (switch.sh) does what it says, and leaves nothing behind.
#
#   switch_test.sh PROGRAMS FOLDER
#
# Exit status 77: skipped. The last line is in the words of the unit tests, so that it is counted with them.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
programs=$1 folder=$2

for tool in ip ovs-vswitchd ethtool hostapd wpa_supplicant freeradius python3 curl openssl; do
  PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || { echo "switch: skipped: there is no $tool here"; exit 77; }
done
[ -e /usr/lib/freeradius/rlm_sql_postgresql.so ] || { echo "switch: skipped: there is no freeradius-postgresql here"; exit 77; }
[ "$(id -u)" = 0 ] || { echo "switch: skipped: not root"; exit 77; }

export LC_ALL=C.UTF-8 PRATIQUE_PG_FAST=1
umask 077
mkdir -p "$folder"
site=$(cd "$folder" && pwd) programs=$(cd "$programs" && pwd)
PRATIQUE_LAB=pq-$(printf '%s' "$site" | sha256sum | cut -c1-8)
export PRATIQUE_LAB
for file in tools/run/postgres.sh tests/lab/lab.sh tests/lab/radius.sh tests/e2e/independent/expect.sh \
  tests/integration/radius/place.sh; do
  # shellcheck source=/dev/null
  . "$top/$file"
done
pg_stop "$site" 2>/dev/null
lab_down
find "$site" -mindepth 1 -delete
mkdir "$site"/{log,out}
chmod 0711 "$site"
open=$(mktemp -d /tmp/pq-radius.XXXXXX)
chmod 0711 "$open"

ended() {
  local rc=$?
  trap - EXIT
  cp "$(lab_switch_folder)"/log/* "$site/log/" 2>/dev/null
  radius_stop "$open"
  lab_down || rc=1
  pg_stop "$site" || rc=1
  cp "$open"/freeradius/log/* "$open/freeradius.out" "$site/log/" 2>/dev/null
  rm -rf "$open"
  [ $rc -eq 0 ] || echo "switch: everybody's words: $site/log/" >&2
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

lab_up
if [ "$(lab_mode)" != namespaces ]; then echo "switch: skipped: no network namespaces here"; exit 77; fi
lab_switch_up || exit 1

# PLACE ADDRESS [PORT]: a TCP connection.
reach() {
  # shellcheck disable=SC2016 # the inner shell's own arguments
  lab_exec "$1" timeout 1 bash -c 'exec 3<>"/dev/tcp/$1/$2"' reach "$2" "${3:-8000}"
}
for place in production proxy station-2; do
  lab_exec "$place" python3 -m http.server 8000 --directory "$top/docs" >"$site/log/http-$place.log" 2>&1 </dev/null &
  disown $!
done
for place in production proxy station-2; do
  turns=100
  until reach "$place" 127.0.0.1 || [ $((turns -= 1)) -eq 0 ]; do sleep 0.05; done 2>/dev/null
done
authenticated() { lab_switch_wpa_cli 1 status | grep -q '^Supplicant PAE state=AUTHENTICATED$'; }
accepts() { sql "SELECT count(*) FROM radius_report WHERE kind = 'accept' AND nas_port_id = 'p1'"; }

part 'a switch that nobody told anything is closed'
fails 'no other station' reach station-1 10.71.4.12
fails 'no join proxy' reach station-1 10.71.4.1
fails 'no production' reach station-1 10.71.4.2
same 'not even a neighbour' "$(ip -n "$(lab_namespace station-1)" neighbour | grep -c lladdr)" 0
holds 'the server manages it by OVSDB' reach server 10.71.6.2 6640
holds 'and by OpenFlow' reach server 10.71.6.2 6653
fails 'no station does' reach station-1 10.71.6.2 6640

part 'VLANs part, and the uplink carries them'
for port in p1:42 p2:4001 p3:4001; do lab_switch_vsctl set port "${port%:*}" "tag=${port#*:}"; done
lab_switch_ofctl add-flow br0 priority=10,dl_type=0x888e,actions=drop
lab_switch_ofctl add-flow br0 priority=0,actions=NORMAL
holds 'station-1 reaches production' reach station-1 10.71.4.2
fails 'but not station-2' reach station-1 10.71.4.12
holds 'station-2 reaches the join proxy' reach station-2 10.71.4.1
fails 'but not production' reach station-2 10.71.4.2
holds 'more than a packet' lab_exec station-1 curl -sf -m 5 -o /dev/null http://10.71.4.2:8000/mistakes.md

part '802.1X on a port that is in the bridge'
nas=10.71.6.2 door=10.71.6.1 networks=10.71.6.0/24
secret=$(cat "$(lab_switch_folder)/secret")
lab_enter server
into=("${lab_into[@]}")
"$programs/pratique-radius-secret" key test-1 >"$site/radius.keys"
holds 'certificates' place_certificates
place_database >>"$site/log/start.log" 2>&1 </dev/null
holds 'a schema' place_rows
holds 'FreeRADIUS in place server' place_freeradius
lab_switch_identity 1 "$site/certs/sensor.pem" "$site/certs/sensor.key" "$site/certs/issuing.pem" radius.plant.example.com
fails 'a supplicant without an identity does not start' lab_switch_start supplicant-2
holds 'hostapd and a supplicant' lab_switch_start hostapd-p1 supplicant-1
turns=100
until authenticated || [ $((turns -= 1)) -eq 0 ]; do sleep 0.1; done
holds 'the device is let in' authenticated
same 'RADIUS knows where' "$(accepts)" 1
same 'who' "$(sql "SELECT DISTINCT device, given_vlan FROM radius_report JOIN credential USING (authority_key_id)
  WHERE kind = 'accept' AND serial = certificate_serial")" "$device|42"

part 'what is killed comes back'
lab_switch_kill9 hostapd-p1 ovs
fails 'without a switch nothing passes' reach station-1 10.71.4.2
holds 'both again' lab_switch_start ovs hostapd-p1
same 'ports and tags are what they were' "$(lab_switch_vsctl get port p1 tag)" 42
fails 'flows are gone, so it is closed' reach station-1 10.71.4.2
lab_switch_wpa_cli 1 reassociate >/dev/null
turns=100
until [ "$(accepts)" = 2 ] || [ $((turns -= 1)) -eq 0 ]; do sleep 0.1; done
same 'the device logs on again' "$(accepts)" 2

part 'nothing stays behind'
cp "$(lab_switch_folder)"/log/* "$site/log/"
holds 'all ends' lab_down
same 'no namespace' "$(ip netns | grep -c "^$PRATIQUE_LAB-")" 0
fails 'no folder' test -e "$(lab_switch_folder)"
same 'no process' "$(pgrep -fc -- "$(lab_switch_folder)")" 0
finish
