#!/usr/bin/env bash
# The product's main job before your eyes: a site, a maker, devices that join, devices that are refused.
#
#   play.sh --programs DIR --site DIR [--keep]
#
# Builds the small network, starts every service twice as a process of its own, and checks at each step that device and
# operator see what they have to; the first thing that is not so ends it with exit status 1. --keep leaves all running and
# writes what a stranger's tool needs to SITE/demo.env; else nothing stays but the folder SITE with its logs.
set -uo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/run/site.sh
. "$tools/site.sh"
# shellcheck source=tools/run/show.sh
. "$tools/show.sh"
# shellcheck source=tools/run/acts.sh
. "$tools/acts.sh"
# shellcheck source=tools/run/acts_port.sh
. "$tools/acts_port.sh"

keep='' programs='' folder=''
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=1 ;;
    --programs) programs=$(cd "$2" && pwd) && shift ;;
    --site) mkdir -p "$2" && folder=$(cd "$2" && pwd) && shift ;;
    *) echo "play.sh: unknown word '$1'" >&2; exit 2 ;;
  esac
  shift
done
if [ -z "$programs" ] || [ -z "$folder" ]; then echo "play.sh: wants --programs and --site" >&2; exit 2; fi

site_use "$folder" "$programs"
# A signal may come while output is turned elsewhere.
exec 7>&2 8>"$folder/play.lock"
flock -n 8 || { echo "play.sh: another one runs in $folder" >&2; exit 1; }
site_down || exit 1
find "$folder" -mindepth 1 -maxdepth 1 ! -name play.lock -exec rm -rf {} +
chmod 0700 "$folder"
mkdir "$folder"/{etc,log,run,makers,devices,out}
# shellcheck disable=SC2034 # of show.sh
show_log=$folder/log/play.log

ended() {
  local rc=$?
  trap '' INT TERM
  trap - EXIT
  # What the play itself left in the background.
  jobs -p | xargs -r kill 2>/dev/null
  if [ -n "$keep" ] && [ $rc -eq 0 ]; then
    remember
    look_around
  else
    site_down || rc=1
    [ $rc -eq 0 ] || echo "what everybody said: $folder/log/" >&7
  fi
  exit $rc
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

act_network
act_site
act_makers
act_operator
act_waiting_device_begins
act_authorized_device
act_policy_device
act_explain
act_unknown_maker
act_forged_voucher
act_other_owner
act_wrong_serial
act_revoked
act_crash
act_yes
if lab_switch_stands; then
  act_switch
  act_port_onboards
  act_port_opens
  act_port_revoked
  act_port_changes
  act_port_renews
  act_port_again
else
  show_end
  printf '\n      No switch here, so nothing of ports, segments and 802.1X is shown: it needs root and network namespaces.\n'
fi
act_waiting_device_ends
act_audit
show_summary
