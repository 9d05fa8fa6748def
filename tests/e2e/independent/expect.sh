# What was expected and what was seen. Sourced.
#
#   part 'what it is about'          begins a part
#   holds 'what has to be' COMMAND…  the command succeeds
#   fails 'what must not be' COMMAND…
#   same 'what' SEEN WANTED
#   skipped 'why'
#   finish                           the closing words; not 0 if anything was not so
#
# Everything that is checked is counted; nothing ends the run, but what the rest stands on is followed by `|| return`.

checked=0 failed=0 parts=0
part() {
  parts=$((parts + 1))
  printf '%2d  %s\n' $parts "$1"
}
skipped() { printf '    skipped: %s\n' "$1"; }
missed() {
  failed=$((failed + 1))
  printf '    FAILED  %s\n' "$1" >&2
  return 1
}
holds() {
  local what=$1 out rc=0
  shift
  checked=$((checked + 1))
  out=$("$@" 2>&1 </dev/null) || rc=$?
  printf -- '--- %s: %s\n%s\n' "$what" "$*" "$out" >>"$site/log/checks.log"
  [ $rc -eq 0 ] || missed "$what (exit $rc): $(tail -n 2 <<<"$out")"
}
fails() {
  local what=$1
  shift
  checked=$((checked + 1))
  if "$@" >>"$site/log/checks.log" 2>&1 </dev/null; then missed "$what: it succeeded"; fi
}
same() {
  checked=$((checked + 1))
  printf -- '--- %s: %s\n' "$1" "$2" >>"$site/log/checks.log"
  [ "$2" = "$3" ] || missed "$1: seen '$2', wanted '$3'"
}
# The code at the head of an answer's text.
code_in() { head -c 200 "$1" | sed -n '1s/^\([A-Z0-9_]*\).*/\1/p'; }
finish() {
  if [ $failed -ne 0 ]; then
    echo "test cases: $parts | $failed failed"
    return 1
  fi
  echo "All tests passed ($checked assertions in $parts test cases)"
}
