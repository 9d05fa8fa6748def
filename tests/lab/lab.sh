#!/usr/bin/env bash
# The small network that the demo and the end-to-end tests run in: four places, each a network namespace.
#
#     device ---- L1 ---- proxy ---- L2 ---- server ---- L3 ---- maker
#         onboarding segment     the site's own        the internet
#
# Nobody forwards: a device reaches the join proxy alone, the join proxy the servers, and only the servers the
# manufacturer. Every place has an IPv4 address on each of its links and link-local IPv6; the interface is named for the
# place that it leads to (in `device`: eth-proxy).
#
#   lab.sh up                    build it; harmless if it stands
#   lab.sh down                  end every process in it and take it away; harmless if it is gone
#   lab.sh status                what stands; exit 3 if nothing does
#   lab.sh exec PLACE COMMAND…   run a command there
#   lab.sh address PLACE LINK    its IPv4 address on L1, L2 or L3
#   lab.sh interface PLACE LINK  its interface on that link
#   lab.sh mode                  `namespaces`, or `loopback` where the network could not be built
#   lab.sh switch VERB …         an access switch with two stations, beside these four places: switch.sh
#   lab.sh radius VERB DIR       FreeRADIUS in place `server`: switch.sh
#
# PRATIQUE_LAB is the name of the network, at most 20 letters; without it one is made from the checkout's path, so
# that two checkouts do not meet. Without root, or where namespaces are forbidden, everything runs on the loopback
# interface instead: the places are addresses of 127.71.0.0/16, all of them reach each other, and DNS-SD is not used.
#
# Sourcing defines lab_* functions, and PRATIQUE_LAB if it is unset.

lab_places='device proxy server maker'
# LINK PLACE HOST PLACE HOST
lab_links='1 device 2 proxy 1
2 proxy 2 server 1
3 server 2 maker 1'

# shellcheck source=tests/lab/switch.sh
. "$(dirname "${BASH_SOURCE[0]}")/switch.sh"

lab_say() { echo "lab: $*" >&2; }
lab_fail() { lab_say "$*"; return 1; }

if [ -z "${PRATIQUE_LAB:-}" ]; then
  PRATIQUE_LAB=pq-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd | sha256sum | cut -c1-8)
fi

lab_namespace() { echo "$PRATIQUE_LAB-$1"; }
lab_stands() { [ -e "/run/netns/$(lab_namespace maker)" ]; }
# The last thing that is built; half a network is built anew.
lab_whole() { lab_stands && ip -n "$(lab_namespace maker)" link show up dev eth-server 2>/dev/null | grep -q eth-server; }
lab_mode() { if lab_stands; then echo namespaces; else echo loopback; fi; }

lab_address() {
  local place=$1 link=${2#L} number near near_host far far_host net=10
  lab_stands || net=127
  while read -r number near near_host far far_host; do
    [ "$number" = "$link" ] || continue
    if [ "$place" = "$near" ]; then echo "$net.71.$number.$near_host"; return; fi
    if [ "$place" = "$far" ]; then echo "$net.71.$number.$far_host"; return; fi
  done <<<"$lab_links"
  lab_fail "$place is not on L$link"
}

lab_interface() {
  local place=$1 link=${2#L} number near near_host far far_host
  lab_stands || { echo lo; return; }
  while read -r number near near_host far far_host; do
    [ "$number" = "$link" ] || continue
    if [ "$place" = "$near" ]; then echo "eth-$far"; return; fi
    if [ "$place" = "$far" ]; then echo "eth-$near"; return; fi
  done <<<"$lab_links"
  lab_fail "$place is not on L$link"
}

# lab_into=(…): what stands before a command to run it in PLACE. A job "${lab_into[@]}" COMMAND & has the command's own
# process id.
lab_enter() {
  lab_into=()
  case " $lab_places $lab_switch_places " in
    *" $1 "*) ;;
    *) lab_fail "there is no place '$1' ($lab_places; with the switch: $lab_switch_places)"; return 2 ;;
  esac
  if lab_stands; then lab_into=(nsenter --net="/run/netns/$(lab_namespace "$1")" --); fi
}

lab_exec() {
  local lab_into
  lab_enter "$1" || return
  shift
  "${lab_into[@]}" "$@"
}

# A setting of a namespace. One that this kernel does not know (no IPv6) is as good as set; some containers keep all
# of them read-only, which matters only where the value is not the wanted one.
lab_setting() {
  local place=$1 key=$2 value=$3
  # shellcheck disable=SC2016 # the inner shell's own arguments
  nsenter --net="/run/netns/$(lab_namespace "$place")" -- sh -c '
    [ ! -e "/proc/sys/$1" ] || [ "$(cat "/proc/sys/$1")" = "$2" ] || echo "$2" >"/proc/sys/$1"' set "$key" "$value"
}

lab_build() {
  local place number near near_host far far_host
  for place in $lab_places; do
    ip netns add "$(lab_namespace "$place")" || return 1
    ip -n "$(lab_namespace "$place")" link set lo up || return 1
    # No duplicate address detection: nobody else is here, and services need their addresses at once.
    lab_setting "$place" net/ipv6/conf/default/accept_dad 0 2>/dev/null || true
    if ! lab_setting "$place" net/ipv4/ip_forward 0 || ! lab_setting "$place" net/ipv6/conf/all/forwarding 0; then
      lab_fail "cannot be sure that $place forwards nothing"
      return 1
    fi
  done
  while read -r number near near_host far far_host; do
    ip -n "$(lab_namespace "$near")" link add "eth-$far" type veth \
      peer name "eth-$near" netns "$(lab_namespace "$far")" || return 1
    ip -n "$(lab_namespace "$near")" address add "10.71.$number.$near_host/24" dev "eth-$far" || return 1
    ip -n "$(lab_namespace "$far")" address add "10.71.$number.$far_host/24" dev "eth-$near" || return 1
    ip -n "$(lab_namespace "$near")" link set "eth-$far" up || return 1
    ip -n "$(lab_namespace "$far")" link set "eth-$near" up || return 1
  done <<<"$lab_links"
}

# Link-local IPv6 appears when a link has come up, and is of use once it is no longer tentative.
lab_await_addresses() {
  local place turns=200
  for place in $lab_places; do
    until [ -n "$(ip -n "$(lab_namespace "$place")" -6 -o address show scope link -tentative)" ] &&
      [ -z "$(ip -n "$(lab_namespace "$place")" -6 -o address show tentative)" ]; do
      turns=$((turns - 1))
      [ $turns -gt 0 ] || { lab_say "no link-local IPv6 in $place: going on with IPv4"; return 0; }
      sleep 0.05
    done
  done
}

lab_up() {
  if lab_whole; then return 0; fi
  if [ "$(id -u)" != 0 ]; then
    lab_say "not root, so no network of its own: everything runs on 127.71.0.0/16, without DNS-SD"
    return 0
  fi
  lab_down || return 1
  if ! lab_build 2>"${TMPDIR:-/tmp}/$PRATIQUE_LAB.err"; then
    lab_say "network namespaces cannot be used here ($(tail -n 1 "${TMPDIR:-/tmp}/$PRATIQUE_LAB.err"))"
    lab_say "so everything runs on 127.71.0.0/16, without DNS-SD"
    lab_down
  fi
  rm -f "${TMPDIR:-/tmp}/$PRATIQUE_LAB.err"
  if lab_stands; then lab_await_addresses; fi
}

# PLACES: every process in these, once and for all.
lab_end_processes() {
  local places=$1 place pids turns=50 signal=TERM
  while :; do
    pids=$(for place in $places; do ip netns pids "$(lab_namespace "$place")" 2>/dev/null; done | sort -u)
    [ -n "$pids" ] || return 0
    turns=$((turns - 1))
    [ $turns -gt 0 ] || { lab_fail "these processes do not end: $(tr '\n' ' ' <<<"$pids")"; return 1; }
    [ $turns -gt 25 ] || signal=KILL
    # shellcheck disable=SC2086 # a list of numbers
    kill -$signal $pids 2>/dev/null
    sleep 0.1
  done
}

lab_down() {
  local place rc=0
  [ "$(id -u)" = 0 ] && command -v ip >/dev/null || return 0
  lab_end_processes "$lab_places $lab_switch_places" || rc=1
  lab_switch_remove || rc=1
  for place in $lab_places; do
    [ ! -e "/run/netns/$(lab_namespace "$place")" ] || ip netns delete "$(lab_namespace "$place")" || rc=1
  done
  return $rc
}

lab_status() {
  local place
  if ! lab_stands; then echo "$PRATIQUE_LAB: not standing"; return 3; fi
  for place in $lab_places $(if lab_switch_stands; then echo "$lab_switch_places"; fi); do
    printf '%-20s %s  (%s processes)\n' "$(lab_namespace "$place")" \
      "$(ip -n "$(lab_namespace "$place")" -4 -o address show | awk '$2 != "lo" { printf "%s=%s ", $2, $4 }')" \
      "$(ip netns pids "$(lab_namespace "$place")" | wc -l)"
  done
}

lab_main() {
  local verb=${1:-}
  shift || true
  case $verb in
    up | down | status | mode) "lab_$verb" ;;
    exec) [ $# -ge 2 ] || { lab_fail "exec wants a place and a command"; return 2; } && lab_exec "$@" ;;
    address | interface) [ $# -eq 2 ] || { lab_fail "$verb wants a place and a link"; return 2; } && "lab_$verb" "$@" ;;
    switch)
      case ${1:-} in
        up | folder) "lab_switch_$1" ;;
        start | stop | kill9 | vsctl | ofctl | hostapd_cli | wpa_cli | identity | configuration | control | unplug | plug | \
          address | address6) verb=$1; shift; "lab_switch_$verb" "$@" ;;
        *) lab_fail "unknown verb 'switch ${1:-}'"; return 2 ;;
      esac
      ;;
    radius) [ $# -eq 2 ] || { lab_fail "radius wants a verb and a folder"; return 2; } && lab_radius "$@" ;;
    *) sed -n 's/^#   \(lab.sh .*\)/  \1/p' "${BASH_SOURCE[0]}" >&2; return 2 ;;
  esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -uo pipefail
  lab_main "$@"
fi
