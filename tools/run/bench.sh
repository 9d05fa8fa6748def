# ./run bench [NAME [ARGUMENT…]]: measures; every figure ends as a line `result NAME FIGURE VALUE UNIT`. Arguments are
# those of the bench's run.sh.
# Sourced with $top and $state set.
bench=${1:-onboarding}
[ $# -eq 0 ] || shift
[ -x "$top/tests/bench/$bench/run.sh" ] ||
  die "there is no bench '$bench'; there are: $(cd "$top/tests/bench" && find . -name run.sh -printf '%h ' | sed 's,\./,,g')"
install_packages build lab
build_all main
"$top/tests/bench/$bench/run.sh" --programs "$top/build/main/bin" --site "$state/bench-$bench" "$@"
