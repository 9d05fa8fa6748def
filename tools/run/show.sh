# shellcheck shell=bash disable=SC2154
# How a demonstration talks: acts with a title, what was seen, what had to be, the time each took, a summary at the end.
#
#   show_act "A device joins"            begins an act and ends the one before
#   show_saw device "voucher accepted"   a line of what was seen, and where
#   show_lines device <file              each line of a file, less empty ones
#   must "what it had to do" COMMAND…    runs it; where it fails, says so and ends everything
#   must_say "what" WORD… <<<"$text"     every WORD stands in the text, or the same
#   show_summary                         ends the last act; the table of all
#
# Commands run under `must` write to $show_log, which has everything that was done.

show_width=120
show_number=0
show_title=''
show_began=''
show_begin=${EPOCHREALTIME/./}
show_table=()

show_seconds() { printf '%d.%d' $(($1 / 1000000)) $(($1 % 1000000 / 100000)); }

show_end() {
  [ -n "$show_title" ] || return 0
  local took=$((${EPOCHREALTIME/./} - show_began))
  printf '      %s s\n' "$(show_seconds $took)"
  show_table+=("$(printf '%2d  %-80s %6s s' $show_number "$show_title" "$(show_seconds $took)")")
  show_title=''
}

show_act() {
  show_end
  show_number=$((show_number + 1))
  show_title=$1
  show_began=${EPOCHREALTIME/./}
  printf '\n%2d  %s\n' $show_number "$show_title"
  printf '\n=== %d %s\n' $show_number "$show_title" >>"$show_log"
}

show_saw() {
  local text=$2
  [ ${#text} -le $show_width ] || text="${text:0:$((show_width - 1))}…"
  printf '      %-9s %s\n' "$1" "$text"
}
show_lines() {
  local line
  # What the command line suggests next is for people at a prompt.
  while IFS= read -r line; do
    case $line in '' | 'next: '*) ;; *) show_saw "$1" "$line" ;; esac
  done
}

show_fail() {
  printf '\n      FAILED    %s\n' "$1" >&2
  exit 1
}

must() {
  local what=$1 rc=0
  shift
  { printf '\n--- %s: %s\n' "$what" "$*"; } >>"$show_log"
  "$@" >>"$show_log" 2>&1 </dev/null || rc=$?
  [ $rc -eq 0 ] || { tail -n 8 "$show_log" | sed 's/^/      | /' >&2; show_fail "$what (exit $rc)"; }
}

must_say() {
  local what=$1 text word
  shift
  text=$(cat)
  printf '\n--- %s: must say %s\n%s\n' "$what" "$*" "$text" >>"$show_log"
  for word in "$@"; do
    grep -qF -- "$word" <<<"$text" || { head -n 20 <<<"$text" | sed 's/^/      | /' >&2; show_fail "$what: '$word' is missing"; }
  done
}

show_summary() {
  local line
  show_end
  printf '\n'
  for line in "${show_table[@]}"; do echo "$line"; done
  printf '%d steps, each gave what it had to, in %s s\n' $show_number "$(show_seconds $((${EPOCHREALTIME/./} - show_begin)))"
}
