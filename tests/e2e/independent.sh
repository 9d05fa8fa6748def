#!/usr/bin/env bash
# Clients that are not ours against the services as processes of their own: a pledge and an EST client of openssl and
# curl, strongSwan's pki, and callers who do everything wrong.
#
#   independent.sh PROGRAMS FOLDER
#
# Exit status 77: skipped. The last line is in the words of the unit tests, so that it is counted with them.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=$1 folder=$2

for tool in openssl curl; do
  command -v $tool >/dev/null || { echo "independent: skipped: there is no $tool here"; exit 77; }
done
# A network of our own where the kernel lets us, so that no other site's ports are met; else the machine's loopback.
if [ -z "${PRATIQUE_INDEPENDENT:-}" ] && unshare --net true 2>/dev/null && command -v ip >/dev/null; then
  PRATIQUE_INDEPENDENT=1 exec unshare --net "$BASH" "${BASH_SOURCE[0]}" "$@"
fi
[ -z "${PRATIQUE_INDEPENDENT:-}" ] || ip link set lo up

umask 077
mkdir -p "$folder"
# shellcheck source=tools/run/site.sh
. "$here/../../tools/run/site.sh"
site_use "$(cd "$folder" && pwd)" "$(cd "$programs" && pwd)"
site_down
find "$site" -mindepth 1 -delete
mkdir "$site"/{etc,log,run,makers,devices,out}
chmod 0711 "$site"
for word in expect site pledge est openssl strongswan bad_input; do
  # shellcheck source=/dev/null
  . "$here/independent/$word.sh"
done

ended() {
  local rc=$?
  trap - EXIT
  site_down || rc=1
  [ $rc -eq 0 ] || echo "independent: everybody's words: $site/log/" >&2
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

started() {
  "$@" >>"$site/log/start.log" 2>&1 </dev/null ||
      { echo "independent: $* failed: $(tail -n 3 "$site/log/start.log")" >&2; exit 1; }
}
export PRATIQUE_PG_FAST=1
started site_of_two
started masa_of_maker
started operator

openssl_pledge_onboards
strongswan_enrols
bad_input_is_refused
finish
