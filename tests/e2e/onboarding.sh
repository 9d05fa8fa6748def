#!/usr/bin/env bash
# The demo as a test: real network, real PostgreSQL, two of each service as processes of their own; then nothing of it may
# be left on the machine.
#
#   onboarding.sh PROGRAMS FOLDER
#
# Exit status 77: skipped. The last line is in the words of the unit tests, so that it is counted with them.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
programs=$1 folder=$2

if [ "$(id -u)" != 0 ]; then
  echo "e2e: skipped: network namespaces need root"
  exit 77
fi
"$top/tools/run/play.sh" --programs "$programs" --site "$folder" || {
  echo "e2e: the demo FAILED; its logs: $folder/log/"
  echo 'test cases: 1 | 0 passed | 1 failed'
  exit 1
}

# shellcheck source=tools/run/site.sh
. "$top/tools/run/site.sh"
site_use "$folder" "$programs"
failed=0
wrong() { echo "e2e: left behind: $*"; failed=1; }
for left in /run/netns/"$PRATIQUE_LAB"-*; do [ ! -e "$left" ] || wrong "namespace $left"; done
for left in /tmp/"$PRATIQUE_LAB"-* "$(site_memory)"; do [ ! -e "$left" ] || wrong "folder $left"; done
[ ! -e "$folder/socket" ] || wrong "socket folder $(cat "$folder/socket")"
for left in /proc/[0-9]*; do
  [ "${left#/proc/}" != $$ ] || continue
  words=$({ tr '\0' ' ' <"$left/cmdline"; } 2>/dev/null) || continue
  [[ $words != *"$folder/"* && $words != *"/tmp/$PRATIQUE_LAB"* ]] || wrong "process $words"
done
# Nothing secret may be open to others.
while IFS= read -r left; do wrong "$left can be read by others"; done < <(
  find "$folder" \( -name '*.key' -o -name '*.pass' -o -name '*.password' -o -name '*.keys' -o -name '*.sealed' \) -perm /077)
if [ $failed -ne 0 ]; then
  echo 'test cases: 1 | 0 passed | 1 failed'
  exit 1
fi
echo 'All tests passed (1 assertions in 1 test cases)'
