# shellcheck shell=bash disable=SC2154
# ./run stop: ends what `demo --keep` left running. Nothing stays but the ignored folder .pratique/.
# Sourced with $top and $state set.
if [ -d "$state/demo" ]; then
  "$top/tools/run/site.sh" down "$state/demo" || die "not everything could be ended"
  rm -f "$state/demo/demo.env"
fi
echo "nothing of the demo runs any more"
