# shellcheck shell=bash disable=SC2154
# ./run fault [--minutes M] [--devices N] [--seed S]: devices live while everything that serves them is killed
# (tests/fault). Sourced with $top and $state set.
install_packages build lab
build_all main
"$top/tests/fault/fault.sh" "$top/build/main/bin" "$state/fault" "$@"
