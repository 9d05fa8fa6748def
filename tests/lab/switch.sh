# The switch place: a real access switch beside the lab's other places. Sourced by lab.sh, whose verbs it adds.
#
#   station-1 --\                                         / p3 --- proxy (the join proxy's side)
#                desk --- p1 \                           /
#   guest-1 ----/             switch: Open vSwitch br0 --
#                            /                           \
#   station-2 ----------- p2                              \ p4 --- core, another bridge --- production, workshop,
#                                                                                          quarantine
#
#   lab.sh switch up                        after `lab.sh up`; harmless if it stands. Ends with `lab.sh down`
#   lab.sh switch start|stop|kill9 WHAT…    WHAT: ovs, hostapd-p1, hostapd-p2, supplicant-1, supplicant-2
#   lab.sh switch vsctl|ofctl|hostapd_cli|wpa_cli …  the tool of that name, told where to look; the last two begin with
#                                           the port (p1) or the station's number (1)
#   lab.sh switch identity N CERTIFICATE KEY TRUST NAME  what supplicant-N proves, and what it trusts: the CA's file and
#                                           the name of the RADIUS server
#   lab.sh switch configuration N FILE      or the whole of it; its ctrl_interface must be `lab.sh switch control N`
#   lab.sh switch unplug|plug N             pN's cable
#   lab.sh switch address|address6 PLACE    what it is called there; with a link-local address belongs %eth-switch
#   lab.sh switch folder                    where its sockets, logs and the RADIUS secret are
#   lab.sh radius start|stop|kill9 DIR      FreeRADIUS of DIR (tests/lab/radius.sh) in place `server`
#
# - p1, p2: access ports, each with a hostapd; p3: service port; p4: uplink, carries all VLANs. br0 begins with
#   fail-mode=secure, no flow and no tag: nothing passes until somebody says so. `core` and `desk` are plain switches:
#   desk lets a second machine share p1; in core each host has a VLAN (lab_switch_hosts). Everybody is in 10.71.4.0/24,
#   so that VLANs and flows alone part them.
# - switch --- server is the management network, 10.71.6.0/24: server .1, switch .2. There the switch asks RADIUS and
#   listens for OVSDB (TCP 6640), OpenFlow (TCP 6653) and dynamic authorization (UDP 3799 for p1, 3800 for p2). The same
#   by sockets in the folder: db.sock, br0.mgmt, hostapd/p1.
# - production reaches the site's servers (lab.sh address server L2) over a link of its own; it forwards nothing.
# - Traps that this file knows: docs/mistakes.md, "A switch in a namespace".

lab_switch_places='switch station-1 guest-1 station-2 production workshop quarantine'
# HOST VLAN
lab_switch_hosts='production 42
workshop 43
quarantine 4002'

# Short, since a socket's path may have 107 bytes.
lab_switch_dir() { echo "/tmp/$PRATIQUE_LAB-switch"; }
lab_switch_stands() { [ -e "/run/netns/$(lab_namespace quarantine)" ]; }
lab_switch_in() { local lab_into; lab_enter "$1" && shift && "${lab_into[@]}" "$@"; }

lab_switch_address() {
  case $1 in
    proxy) echo 10.71.4.1 ;;
    production) echo 10.71.4.2 ;;
    workshop) echo 10.71.4.3 ;;
    quarantine) echo 10.71.4.4 ;;
    station-1) echo 10.71.4.11 ;;
    station-2) echo 10.71.4.12 ;;
    guest-1) echo 10.71.4.21 ;;
    *) lab_fail "$1 is not at the switch" ;;
  esac
}
# Its link-local one; nothing where this kernel has no IPv6.
lab_switch_address6() {
  ip -n "$(lab_namespace "$1")" -6 -o address show dev eth-switch scope link |
    awk '{ sub("/.*", "", $4); print $4; exit }'
}

# PLACE INTERFACE ADDRESS FAR_PLACE FAR_INTERFACE [FAR_ADDRESS]
lab_switch_link() {
  local near far
  near=$(lab_namespace "$1") far=$(lab_namespace "$4")
  ip -n "$near" link add "$2" type veth peer name "$5" netns "$far" || return 1
  [ -z "$3" ] || ip -n "$near" address add "$3/24" dev "$2" || return 1
  [ -z "${6:-}" ] || ip -n "$far" address add "$6/24" dev "$5" || return 1
  ip -n "$near" link set "$2" up && ip -n "$far" link set "$5" up || return 1
  # The switch's user-space path hands on frames without checksums: TCP would hang.
  nsenter --net="/run/netns/$near" -- ethtool -K "$2" tx off >/dev/null
}

lab_switch_build() {
  local place number dir
  dir=$(lab_switch_dir)
  mkdir -m 0700 "$dir" && mkdir "$dir"/{hostapd,log} || return 1
  (umask 077 && head -c 18 /dev/urandom | base64 >"$dir/secret")
  for place in $lab_switch_places; do
    ip netns add "$(lab_namespace "$place")" && ip -n "$(lab_namespace "$place")" link set lo up || return 1
    lab_setting "$place" net/ipv6/conf/default/accept_dad 0 2>/dev/null || true
  done
  # Its kernel must not answer for itself on its ports: seen, on closed ones.
  lab_setting switch net/ipv6/conf/all/disable_ipv6 1 && lab_setting switch net/ipv6/conf/default/disable_ipv6 1 || return 1
  lab_switch_link server eth-switch 10.71.6.1 switch eth-server 10.71.6.2 &&
    lab_switch_link switch p1 '' switch d0 &&
    lab_switch_link station-1 eth-switch "$(lab_switch_address station-1)" switch d1 &&
    lab_switch_link guest-1 eth-switch "$(lab_switch_address guest-1)" switch d2 &&
    lab_switch_link station-2 eth-switch "$(lab_switch_address station-2)" switch p2 &&
    lab_switch_link proxy eth-switch "$(lab_switch_address proxy)" switch p3 || return 1
  ip -n "$(lab_namespace switch)" link add p4 type veth peer name c0 &&
    ip -n "$(lab_namespace switch)" link set p4 up && ip -n "$(lab_namespace switch)" link set c0 up || return 1
  ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema && lab_switch_start ovs || return 1
  # A plain switch on a desk hands on 802.1X, whose group address bridges keep to themselves.
  lab_switch_vsctl -- add-br br0 -- set bridge br0 datapath_type=netdev fail-mode=secure \
    -- set-controller br0 ptcp:6653:10.71.6.2 \
    -- add-br core -- set bridge core datapath_type=netdev fail-mode=standalone \
    -- add-port core c0 -- set interface c0 ofport_request=1 \
    -- add-br desk -- set bridge desk datapath_type=netdev fail-mode=standalone other-config:forward-bpdu=true \
    -- add-port desk d0 -- add-port desk d1 -- add-port desk d2 || return 1
  for number in 1 2 3 4; do
    lab_switch_vsctl add-port br0 "p$number" -- set interface "p$number" "ofport_request=$number" || return 1
  done
  for number in 1 2; do lab_switch_hostapd "$number" || return 1; done
  while read -r place number; do
    lab_switch_host "$place" "$number" "$(lab_switch_address "$place")" || return 1
  done <<<"$lab_switch_hosts"
  lab_switch_link production eth-server 10.71.7.2 server eth-production 10.71.7.1 &&
    ip -n "$(lab_namespace production)" route add "$(lab_address server L2)/32" via 10.71.7.1
}

# PLACE VLAN ADDRESS: a host behind the uplink. PLACE must be one of the lab's.
lab_switch_host() {
  lab_switch_link "$1" eth-switch "$3" switch "c-${1:0:10}" &&
    lab_switch_vsctl add-port core "c-${1:0:10}" "tag=$2"
}

lab_switch_hostapd() {
  local port=p$1 dir
  dir=$(lab_switch_dir)
  (umask 077 && cat >"$dir/$port.conf") <<CONF
interface=$port
driver=wired
ctrl_interface=$dir/hostapd
ieee8021x=1
use_pae_group_addr=1
eapol_version=2
eap_reauth_period=0
own_ip_addr=10.71.6.2
nas_identifier=$PRATIQUE_LAB
auth_server_addr=10.71.6.1
auth_server_port=1812
auth_server_shared_secret=$(cat "$dir/secret")
acct_server_addr=10.71.6.1
acct_server_port=1813
acct_server_shared_secret=$(cat "$dir/secret")
radius_acct_interim_interval=60
radius_auth_req_attr=87:s:$port
radius_acct_req_attr=87:s:$port
radius_das_port=$((3798 + $1))
radius_das_client=10.71.6.1 $(cat "$dir/secret")
radius_das_require_event_timestamp=1
radius_das_require_message_authenticator=1
CONF
}

lab_switch_control() { echo "$(lab_switch_dir)/supplicant-$1"; }
# N FILE
lab_switch_configuration() { ln -sf "$2" "$(lab_switch_dir)/station-$1.conf"; }

# N up|down
lab_switch_cable() {
  case $1 in
    1) ip -n "$(lab_namespace switch)" link set d0 "$2" ;;
    2) ip -n "$(lab_namespace station-2)" link set eth-switch "$2" ;;
    *) lab_fail "no station has a cable to p$1"; return 2 ;;
  esac
}
lab_switch_unplug() { lab_switch_cable "$1" down; }
lab_switch_plug() { lab_switch_cable "$1" up; }

# N CERTIFICATE KEY TRUST NAME
lab_switch_identity() {
  local dir
  dir=$(lab_switch_dir)
  (umask 077 && cat >"$dir/station-$1.conf") <<CONF
ctrl_interface=$(lab_switch_control "$1")
ap_scan=0
network={
  key_mgmt=IEEE8021X
  eap=TLS
  eapol_flags=0
  identity="station-$1"
  ca_cert="$4"
  domain_match="$5"
  client_cert="$2"
  private_key="$3"
}
CONF
}

lab_switch_up() {
  lab_whole || { lab_fail "the lab does not stand as namespaces: no switch"; return 1; }
  if lab_switch_stands; then return 0; fi
  for tool in ovs-vswitchd ovsdb-server ethtool hostapd wpa_supplicant; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null || { lab_fail "there is no $tool here: no switch"; return 1; }
  done
  lab_switch_remove
  lab_switch_build || { lab_switch_remove; lab_fail "the switch could not be built"; }
}

# Its folder and whatever is left of it; lab_down ends its processes first.
lab_switch_remove() {
  local place
  lab_end_processes "$lab_switch_places" || return 1
  for place in $lab_switch_places; do
    [ ! -e "/run/netns/$(lab_namespace "$place")" ] || ip netns delete "$(lab_namespace "$place")" || return 1
  done
  ip -n "$(lab_namespace server)" link delete eth-switch 2>/dev/null
  ip -n "$(lab_namespace server)" link delete eth-production 2>/dev/null
  ip -n "$(lab_namespace proxy)" link delete eth-switch 2>/dev/null
  rm -rf "$(lab_switch_dir)"
}

# --- processes ------------------------------------------------------------------------------------------------
# The process id of WHAT, if it lives.
lab_switch_pid() {
  local pid began
  read -r pid began 2>/dev/null <"$(lab_switch_dir)/$1.pid" || return 1
  [ "$(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)" = "$began" ] || return 1
  echo "$pid"
}

# WHAT PLACE COMMAND…
lab_switch_run() {
  local what=$1 pid lab_into dir
  dir=$(lab_switch_dir)
  if lab_switch_pid "$what" >/dev/null; then return 0; fi
  lab_enter "$2" || return 1
  shift 2
  OVS_RUNDIR=$dir setsid "${lab_into[@]}" "$@" >>"$dir/log/$what.log" 2>&1 </dev/null 7>&- 8>&- &
  pid=$!
  disown "$pid"
  echo "$pid $(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)" >"$dir/$what.pid"
}

# WHAT COMMAND…: until it succeeds, 10 s at most.
lab_switch_await() {
  local what=$1 turns=200
  shift
  until "$@" >/dev/null 2>&1; do
    turns=$((turns - 1))
    { [ $turns -gt 0 ] && lab_switch_pid "$what" >/dev/null; } ||
      { lab_fail "$what does not start: $(tail -n 2 "$(lab_switch_dir)/log/$what.log")"; return 1; }
    sleep 0.05
  done
}

lab_switch_start() {
  local what dir
  dir=$(lab_switch_dir)
  for what in "$@"; do
    case $what in
      ovs)
        # A socket that a kill -9 left tells nothing.
        if ! lab_switch_pid ovsdb >/dev/null; then rm -f "$dir/db.sock" "$dir/ovsdb.ctl"; fi
        lab_switch_run ovsdb switch ovsdb-server "$dir/conf.db" "--remote=punix:$dir/db.sock" \
          --remote=ptcp:6640:10.71.6.2 --unixctl="$dir/ovsdb.ctl" &&
          lab_switch_await ovsdb lab_switch_vsctl --no-wait init || return 1
        if ! lab_switch_pid vswitchd >/dev/null; then rm -f "$dir/vswitchd.ctl" "$dir"/*.mgmt; fi
        lab_switch_run vswitchd switch ovs-vswitchd "unix:$dir/db.sock" --unixctl="$dir/vswitchd.ctl" &&
          lab_switch_await vswitchd ovs-appctl -t "$dir/vswitchd.ctl" version || return 1
        ;;
      hostapd-p[12])
        # -d: it tells of Disconnect-Requests, too.
        lab_switch_run "$what" switch hostapd -d "$dir/${what#hostapd-}.conf" &&
          lab_switch_await "$what" lab_switch_hostapd_cli "${what#hostapd-}" ping || return 1
        ;;
      supplicant-[12])
        [ -e "$dir/station-${what#*-}.conf" ] || { lab_fail "$what has no identity yet"; return 1; }
        lab_switch_run "$what" "station-${what#*-}" wpa_supplicant -D wired -i eth-switch -c "$dir/station-${what#*-}.conf" &&
          lab_switch_await "$what" lab_switch_wpa_cli "${what#*-}" ping || return 1
        ;;
      *) lab_fail "there is no '$what' (ovs, hostapd-p1, hostapd-p2, supplicant-1, supplicant-2)"; return 2 ;;
    esac
  done
}

# SIGNAL WHAT…: until they are gone.
lab_switch_signal() {
  local signal=$1 what pid turns=200
  shift
  for what in "$@"; do
    if [ "$what" = ovs ]; then lab_switch_signal "$signal" vswitchd ovsdb; continue; fi
    while pid=$(lab_switch_pid "$what"); do
      [ $turns -ne 200 ] || kill -"$signal" "$pid" 2>/dev/null
      turns=$((turns - 1))
      [ $turns -gt 0 ] || kill -KILL "$pid" 2>/dev/null
      sleep 0.05
    done
    turns=200
    rm -f "$(lab_switch_dir)/$what.pid"
  done
}
lab_switch_stop() { lab_switch_signal TERM "$@"; }
lab_switch_kill9() { lab_switch_signal KILL "$@"; }

lab_switch_vsctl() { ovs-vsctl --db="unix:$(lab_switch_dir)/db.sock" --timeout=10 "$@"; }
lab_switch_ofctl() { OVS_RUNDIR=$(lab_switch_dir) ovs-ofctl -O OpenFlow14 "$@"; }
lab_switch_hostapd_cli() { local port=$1; shift; hostapd_cli -p "$(lab_switch_dir)/hostapd" -i "$port" "$@"; }
lab_switch_wpa_cli() { local number=$1; shift; wpa_cli -p "$(lab_switch_control "$number")" -i eth-switch "$@"; }
lab_switch_folder() { lab_switch_dir; }

lab_radius() {
  local verb=$1 dir=$2 lab_into
  # shellcheck source=tests/lab/radius.sh
  . "$(dirname "${BASH_SOURCE[0]}")/radius.sh"
  case $verb in
    start) lab_enter server && radius_start "$dir" "${lab_into[@]}" ;;
    stop | kill9) "radius_$verb" "$dir" ;;
    *) lab_fail "unknown verb '$verb' (start, stop, kill9)"; return 2 ;;
  esac
}
