#!/usr/bin/env bash
# deploy/freeradius against the real things: FreeRADIUS, PostgreSQL with the service's migrations, hostapd,
# wpa_supplicant, certificates of openssl.
#
#   radius.sh PROGRAMS FOLDER
#
# Exit status 77: skipped. The last line is in the words of the unit tests, so that it is counted with them.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
programs=$1 folder=$2

for tool in freeradius hostapd wpa_supplicant wpa_cli eapol_test radclient openssl; do
  PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || { echo "radius: skipped: there is no $tool here"; exit 77; }
done
[ -e /usr/lib/freeradius/rlm_sql_postgresql.so ] || { echo "radius: skipped: there is no freeradius-postgresql here"; exit 77; }
[ "$(id -u)" = 0 ] || { echo "radius: skipped: not root"; exit 77; }
if [ -z "${PRATIQUE_RADIUS_TEST:-}" ]; then
  unshare --net true 2>/dev/null || { echo "radius: skipped: network namespaces cannot be used here"; exit 77; }
  PRATIQUE_RADIUS_TEST=1 exec unshare --net "$BASH" "${BASH_SOURCE[0]}" "$@"
fi
ip link set lo up

export LC_ALL=C.UTF-8
umask 077
mkdir -p "$folder"
site=$(cd "$folder" && pwd) programs=$(cd "$programs" && pwd)
# shellcheck source=tools/run/postgres.sh
. "$top/tools/run/postgres.sh"
pg_stop "$site" 2>/dev/null
find "$site" -mindepth 1 -delete
mkdir "$site"/{log,out}
chmod 0711 "$site"
open=$(mktemp -d /tmp/pq-radius.XXXXXX)
chmod 0711 "$open"
pids=()
# shellcheck source=tests/lab/radius.sh
. "$top/tests/lab/radius.sh"
# shellcheck source=tests/e2e/independent/expect.sh
. "$top/tests/e2e/independent/expect.sh"
for word in place checks; do
  # shellcheck source=/dev/null
  . "$here/$word.sh"
done

ended() {
  local rc=$?
  trap - EXIT
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
  radius_stop "$open"
  pg_stop "$site" || rc=1
  cp "$open"/freeradius/log/* "$open/freeradius.out" "$site/log/" 2>/dev/null
  rm -rf "$open"
  [ $rc -eq 0 ] || echo "radius: everybody's words: $site/log/" >&2
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

started() {
  "$@" >>"$site/log/start.log" 2>&1 </dev/null ||
    { echo "radius: $* failed: $(tail -n 3 "$site/log/start.log")" >&2; exit 1; }
}
export PRATIQUE_PG_FAST=1
"$programs/pratique-radius-secret" key test-1 >"$site/radius.keys"
started place_certificates
started place_database
started place_rows
started place_freeradius

everything
finish
