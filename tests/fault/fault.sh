#!/usr/bin/env bash
# Devices live while services, database, switch, authenticators and RADIUS server are killed (fault.py), in a network of
# its own; afterwards nothing of it may be left on the machine.
#
#   fault.sh PROGRAMS FOLDER [--keep] [--devices N] [--minutes M] [--seed S]
#
# --keep leaves the site as it stands at the end (site.sh down FOLDER takes it away). Exit status 77: skipped. The last
# line is in the words of the unit tests, so that it is counted with them.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=$(cd "$1" && pwd) folder=$2
shift 2
keep=''
if [ "${1:-}" = --keep ]; then keep=1; shift; fi

for tool in ip ovs-vswitchd ethtool hostapd wpa_supplicant freeradius python3 curl openssl; do
  PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || { echo "fault: skipped: there is no $tool here"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "fault: skipped: network namespaces need root"; exit 77; }

export LC_ALL=C.UTF-8 PRATIQUE_PG_FAST=1 PYTHONDONTWRITEBYTECODE=1
umask 077
mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 1
# shellcheck source=tools/run/site.sh
. "$here/../../tools/run/site.sh"
site_use "$folder" "$programs"
site_down || exit 1
find "$folder" -mindepth 1 -delete
chmod 0700 "$folder"
mkdir "$folder"/{log,out}

left_behind() {
  local left words
  for left in /run/netns/"$PRATIQUE_LAB"-*; do [ ! -e "$left" ] || echo "namespace $left"; done
  for left in /tmp/"$PRATIQUE_LAB"-* "$(site_memory)"; do [ ! -e "$left" ] || echo "folder $left"; done
  [ ! -e "$folder/socket" ] || echo "socket folder $(cat "$folder/socket")"
  for left in /proc/[0-9]*; do
    [ "${left#/proc/}" != $$ ] || continue
    words=$({ tr '\0' ' ' <"$left/cmdline"; } 2>/dev/null) || continue
    [[ $words != *"$folder/"* && $words != *"/tmp/$PRATIQUE_LAB"* ]] || echo "process $words"
  done
}
ended() {
  local rc=$? left
  trap '' INT TERM
  trap - EXIT
  [ -z "${driver:-}" ] || { kill "$driver" && wait "$driver"; } 2>/dev/null
  if [ -n "$keep" ] && [ $rc -lt 2 ]; then
    echo "fault: everything still runs; $here/../../tools/run/site.sh down $folder ends it"
    exit $rc
  fi
  site_down || rc=1
  left=$(left_behind)
  [ -z "$left" ] || { echo "fault: left behind: $left"; echo 'test cases: 1 | 0 passed | 1 failed'; rc=1; }
  [ $rc -eq 0 ] || [ $rc -eq 77 ] || echo "fault: everybody's words: $folder/log/, $folder/postgres.log"
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

lab_up
if [ "$(lab_mode)" != namespaces ]; then echo "fault: skipped: no network namespaces here"; exit 77; fi

"$here/fault.py" --programs "$programs" --site "$folder" "$@" &
driver=$!
wait $driver
rc=$?
driver=''
exit $rc
