# shellcheck shell=bash disable=SC2154
# ./run demo [--keep]: sets everything up, builds, and onboards devices before your eyes (play.sh).
# Sourced with $top and $state set.
case ${1:-} in '' | --keep) ;; *) die "demo knows --keep only" ;; esac
install_packages build lab
build_all main
"$top/tools/run/play.sh" --programs "$top/build/main/bin" --site "$state/demo" "$@"
