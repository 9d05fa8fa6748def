# shellcheck shell=bash disable=SC2154
# What play.sh shows of ports: a real switch, 802.1X, segments, and a revocation that bites. Sourced after acts.sh.
#
# Two more devices of "Example Devices", cameras by its rule: the first at port p1, which it shares with a second
# machine that nobody knows; the other at p2. Everybody at the switch is in one subnet (tests/lab/switch.sh).

serial_first=00-D0-E5-F2-00-08
serial_second=00-D0-E5-F2-00-09
hall_port=8000 # TCP, at every host of the lab

# COMMAND…: until it succeeds, a minute at most (machines may be slow).
until_true() {
  local deadline=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1 </dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
}
until_false() {
  local deadline=$((SECONDS + 60))
  while "$@" >/dev/null 2>&1 </dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
}

# FROM TO [PORT] [4|6]: a TCP connection that the other end answers.
reach() {
  local address
  if [ "${4:-4}" = 4 ]; then address=$(lab_switch_address "$2"); else address=$(lab_switch_address6 "$2")%eth-switch; fi
  # shellcheck disable=SC2016 # the inner shell's own arguments
  lab_exec "$1" timeout 1 bash -c 'exec 3<>"/dev/tcp/$1/$2"' reach "$address" "${3:-$hall_port}"
}

# Lines "FROM TO PORT yes|no": attempts, all at once, in both address families; ends the play where one is not so.
attempts() {
  local from to port wanted family within pids=() wrong out=$site/out/attempts.txt
  : >"$out"
  while read -r from to port wanted; do
    for family in 4 6; do
      [ $family = 4 ] || [ -n "$(lab_switch_address6 "$to")" ] || continue
      {
        got=no
        # What has to be may take its time on a slow machine.
        if [ "$wanted" = yes ]; then within=until_true; else within=''; fi
        if $within reach "$from" "$to" "$port" $family; then got=yes; fi
        echo "$from $to:$port IPv$family wanted=$wanted got=$got" >>"$out"
      } >/dev/null 2>&1 </dev/null 7>&- 8>&- &
      pids+=($!)
    done
  done
  wait "${pids[@]}"
  cat "$out" >>"$show_log"
  wrong=$(grep -v 'wanted=yes got=yes\|wanted=no got=no' "$out")
  [ -z "$wrong" ] || {
    printf '      | %s\n' "${wrong//$'\n'/$'\n'      | }" >&2
    show_fail 'connections are not as they have to be'
  }
}

# The last line of a connection's far end: when something of ADDRESS arrived at PLACE, in seconds since 1970.
last_arrival() { awk -v from="$2" '$2 == from { at = $1 } END { print at }' "$site/log/arrived-$1.log"; }
arrivals() { grep -c " $2 " "$site/log/arrived-$1.log"; }
streams() {
  local before
  before=$(arrivals "$1" "$2")
  sleep 0.3
  [ "$(arrivals "$1" "$2")" -gt "$before" ]
}

# PLACE…: something listens at hall_port.
listen_at() {
  local place
  for place in "$@"; do
    site_listen "$place" $hall_port || return 1
    until_true lab_exec "$place" timeout 1 bash -c "exec 3<>/dev/tcp/127.0.0.1/$hall_port" || return 1
  done
}

# Port pN's door, as the operators' tools see it: the segment, and who is let through.
port_is() {
  local seen
  seen=$(lab_switch_vsctl get port "p$1" tag) && [ "$seen" = "$2" ]
}

switch_settings() {
  local address services=''
  for address in $(lab_switch_address proxy) $(lab_switch_address6 proxy); do
    services="$services${services:+, }{\"address\": \"$address\", \"port\": 8443}"
  done
  cat <<JSON
{"ovsdb": "10.71.6.2:6640", "openflow": "10.71.6.2:6653", "bridge": "br0", "onboarding": {"services": [$services]}}
JSON
}

register_switch() {
  local port
  cli segments add cameras --vlan 42 --display-name 'Cameras' &&
    cli segments add sensors --vlan 43 --display-name 'Sensors' &&
    cli sites add hall-1 --display-name 'Hall 1' || return 1
  switch_settings >"$site/etc/switch.json"
  cli switches add access-1 --site hall-1 --kind ovs --settings-file "$site/etc/switch.json" --nas-address 10.71.6.2 \
    --nas-identifier "$PRATIQUE_LAB" && cli switches secret access-1 --file "$(lab_switch_folder)/secret" || return 1
  for port in 1 2; do
    cli ports add "access-1/p$port" --role access --authenticator "$(lab_switch_folder)/hostapd/p$port" \
      --disconnect-at "10.71.6.2:$((3798 + port))" || return 1
  done
  cli ports add access-1/p3 --role service --segment onboarding && cli ports add access-1/p4 --role uplink
}

act_switch() {
  show_act 'A switch: who is not known reaches the join proxy, and nothing and nobody else'
  must 'make FreeRADIUS' site_radius_make
  must 'start FreeRADIUS' site_radius_start
  must 'start hostapd' lab_switch_start hostapd-p1 hostapd-p2
  site_join_proxy join-proxy-3 >"$site/etc/join-proxy-3.yaml"
  must "production's way to the registrar" site_start join-proxy-3
  must 'it is ready' site_await join-proxy-3
  must 'hosts listen' listen_at station-1 guest-1 station-2 proxy production workshop quarantine
  must 'register the switch' register_switch
  must 'closed ports reach the join proxy' until_true reach station-1 proxy 8443
  must 'closed ports reach the join proxy' until_true reach station-2 proxy 8443
  cli ports list >"$site/out/ports.txt" 2>&1
  show_lines operator <"$site/out/ports.txt"
  attempts <<'TRIED'
station-1 proxy 8443 yes
guest-1 proxy 8443 yes
station-2 proxy 8443 yes
station-1 proxy 8446 no
station-1 proxy 8000 no
station-1 station-2 8000 no
station-2 station-1 8000 no
station-1 production 8000 no
station-1 workshop 8000 no
station-2 production 8000 no
station-2 quarantine 8000 no
guest-1 production 8000 no
TRIED
  show_saw devices "reach the join proxy at TCP 8443; not its other ports, no server, and not each other"
  show_saw devices "$(wc -l <"$site/out/attempts.txt") connections tried, $(grep -c IPv6 "$site/out/attempts.txt") over IPv6"
}

# N SERIAL: the device's own supplicant at pN, with what the device gives it.
supplicant() {
  hand_to_supplicant "$1" "$2" && lab_switch_configuration "$1" "$(site_memory)/$2/supplicant.conf" &&
    lab_switch_start "supplicant-$1"
}
hand_to_supplicant() {
  "$programs/pratique-device" supplicant --dir "$site/devices/$2" --folder "$(site_memory)/$2" \
    --control "$(lab_switch_control "$1")"
}
authenticated() { lab_switch_wpa_cli "$1" status | grep -q '^Supplicant PAE state=AUTHENTICATED$'; }

# SERIAL: its newest certificate has come from the registrar to where RADIUS asks. Who logs on sooner is unknown there.
certificate_is_told() {
  [ "$(pg_psql "$site" -d pratique -Atqc \
    "SELECT count(*) FROM network.credential WHERE live AND serial = '$(number_of "$1")'")" = 1 ]
}

# N COMMAND…: the device at pN tries again every few seconds until the command succeeds. hostapd is deaf to a login, or
# undoes it, within 5 s of a log-off (docs/enforcement.md, section 4), and a device at a wire is told neither.
keeps_trying() {
  local number=$1 deadline=$((SECONDS + 90)) again=$((SECONDS + 7))
  shift
  until "$@" >/dev/null 2>&1 </dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    if [ $SECONDS -ge $again ]; then
      lab_switch_wpa_cli "$number" reassociate
      again=$((SECONDS + 7))
    fi
    sleep 0.2
  done
}

# N SERIAL
joins_at_port() {
  device_place=station-$1 device onboard "$2" 0 --timeout 60s --discover eth-switch
  must 'the certificate is known' until_true certificate_is_told "$2"
  must 'what wpa_supplicant needs' supplicant "$1" "$2"
  must '802.1X' keeps_trying "$1" authenticated "$1"
}

act_port_onboards() {
  local config
  show_act 'Two cameras onboard through such ports, then log on by 802.1X (EAP-TLS)'
  must 'make a device' make_device example $serial_first 'Camera 2'
  must 'make a device' make_device example $serial_second 'Camera 2'
  joins_at_port 1 $serial_first
  joins_at_port 2 $serial_second
  config=$(site_memory)/$serial_first/supplicant.conf
  must_say 'what the device believes' 'domain_match="radius.plant.example.com"' <"$config"
  show_saw device 'by EAP-TLS; believes "radius.plant.example.com" of the CA that onboarding told of, nobody else'
  must 'a session' until_true session_is $serial_first live
  must 'a session' until_true session_is $serial_second live
  cli sessions list >"$site/out/sessions.txt" 2>&1
  must_say 'sessions list' p1 p2 <"$site/out/sessions.txt"
  show_lines operator <"$site/out/sessions.txt"
}
# SERIAL STATE: its newest session is in that state.
session_is() {
  cli sessions list --device "$1" --limit 1 --output json | grep -qi "\"state\": *\"SESSION_STATE_$2\""
}

act_port_opens() {
  show_act "The ports move to the cameras' segment; a second machine at one stays out"
  must 'the device talks to production' until_true reach station-1 production
  must 'the device talks to production' until_true reach station-2 production
  attempts <<'TRIED'
station-1 production 8000 yes
station-2 production 8000 yes
station-1 workshop 8000 no
station-1 station-2 8000 no
guest-1 production 8000 no
guest-1 proxy 8443 no
TRIED
  show_saw device "talks to production ($(lab_switch_address production)) over IPv4 and IPv6, not to other segments"
  show_saw guest "behind the same port, with a MAC address that nobody authenticated: reaches nothing"
  lab_switch_ofctl dump-flows br0 table=0 2>/dev/null | grep -o 'in_port=[^ ]*dl_src=[^ ]*' | show_lines switch
}

# The value at a path of JSON on standard input, for `python3`: d is the document.
json() { python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }

# VERB DEVICE …: an operator decides, and waits until the port does it.
decide() {
  cli_as ben "$@" --wait --wait-limit 60s >"$site/out/decided.txt" 2>&1 </dev/null ||
    { cat "$site/out/decided.txt" >&2; show_fail "pratique $1"; }
  cat "$site/out/decided.txt" >>"$show_log"
  show_lines operator <"$site/out/decided.txt"
}

act_port_revoked() {
  local from decided last
  show_act 'pratique revoke: an open connection stops; the next login is refused'
  from=$(lab_switch_address station-1)
  must 'an open connection' site_stream 1 "$(lab_switch_address production)" $hall_port
  must 'it streams' until_true streams production "$from"
  decide revoke $serial_first --reason 'stolen from hall 1' --yes
  must 'the port closes' until_false reach station-1 production
  must 'the connection is dead' until_false streams production "$from"
  must 'its session is over' until_true session_is $serial_first ended
  must 'hostapd acknowledges a Disconnect-Request' until_true disconnected 1
  show_saw hostapd 'took a Disconnect-Request (RFC 5176) for the session, and acknowledged it'
  must 'the onboarding segment again' until_true reach station-1 proxy 8443
  cli credentials list --device $serial_first --state revoked --output json >"$site/out/revoked.json" 2>>"$show_log"
  decided=$(json 'd["credentials"][0]["revokeTime"]' <"$site/out/revoked.json") && decided=$(date -d "$decided" +%s.%N)
  last=$(awk -v a="$decided" -v b="$(last_arrival production "$from")" 'BEGIN { printf "%.0f", (b - a) * 1000 }')
  show_saw production "the last packet arrived $last ms after the decision; $(arrivals production "$from") arrived in all"
  [ "$last" -lt 10000 ] || show_fail 'packets went on for more than ten seconds'
  site_stop stream-1
  cli sessions list --device $serial_first >"$site/out/sessions.txt" 2>&1
  must_say 'sessions list' PORT_CERTIFICATE_ENDED <"$site/out/sessions.txt"
  show_lines operator <"$site/out/sessions.txt"
  # A device at a wire is not told that it was thrown off.
  must 'it tries again' lab_switch_wpa_cli 1 reassociate
  must 'it is refused' keeps_trying 1 refused_at_port $serial_first PORT_CERTIFICATE_ENDED
  tell_explain $serial_first PORT_CERTIFICATE_ENDED
  attempts <<'TRIED'
station-1 production 8000 no
station-1 proxy 8443 yes
station-2 production 8000 yes
TRIED
  lab_switch_stop supplicant-1
}
# N: the session at pN was ended by a Disconnect-Request: so say the replica that drives the switch, which believed the
# answer, and hostapd.
disconnected() {
  grep -q "\"session_ended_at_switch\".*\"port\":\"p$1\".*\"by\":\"disconnect_request\"" "$site"/log/network-[12].log &&
    grep -q 'RADIUS DAS: Found a matching session .* - disconnecting' "$(lab_switch_folder)/log/hostapd-p$1.log"
}
# SERIAL CODE: RADIUS said no, and why; the device's story has it, too.
refused_at_port() {
  cli sessions attempts --device "$1" --verdict refused | grep -q "$2" &&
    cli devices explain "$1" >"$site/out/$1.explain.txt" 2>&1 && grep -q "$2" "$site/out/$1.explain.txt"
}

act_port_changes() {
  show_act 'The other camera: quarantine, release, another segment, the cable, logging off'
  decide quarantine $serial_second --reason 'talks to strangers'
  must 'it is in quarantine' until_true reach station-2 quarantine
  attempts <<'TRIED'
station-2 quarantine 8000 yes
station-2 production 8000 no
TRIED
  show_saw operator 'quarantine: reaches the quarantine segment alone; it was not logged off'
  decide release $serial_second --reason 'it was the new firmware'
  must 'it is back' until_true reach station-2 production
  show_saw operator 'release: back among the cameras'
  decide move $serial_second sensors
  must 'it is among the sensors' until_true reach station-2 workshop
  attempts <<'TRIED'
station-2 workshop 8000 yes
station-2 production 8000 no
TRIED
  show_saw operator 'move: among the sensors'
  decide move $serial_second cameras
  must 'it is among the cameras' until_true reach station-2 production
  must 'pull the cable' lab_switch_unplug 2
  must 'the session ends' until_true session_ended_by $serial_second PORT_LINK_DOWN
  must 'the port is closed' until_true port_is 2 4001
  show_saw switch 'the cable is pulled: the session is over, and the port closed before anybody plugs in something else'
  must 'plug it in' lab_switch_plug 2
  # What a device's system does when it sees its cable: wpa_supplicant does not look.
  must 'it logs on' lab_switch_wpa_cli 2 reassociate
  must 'it is through' keeps_trying 2 reach station-2 production
  show_saw device 'plugged in again, and logged on anew'
  must 'log off' lab_switch_wpa_cli 2 logoff
  must 'the port closes' until_true port_is 2 4001
  must 'the session ends' until_true session_ended_by $serial_second PORT_LOGGED_OFF
  attempts <<'TRIED'
station-2 production 8000 no
TRIED
  show_saw device 'logged off: the port is closed'
  sleep 5.5 # hostapd undoes a login that comes sooner
  must 'log on' lab_switch_wpa_cli 2 logon
  must 'it is through' keeps_trying 2 reach station-2 production
  show_saw device 'and logged on again'
}
# SERIAL CODE: its newest session ended by that.
session_ended_by() {
  cli sessions list --device "$1" --limit 1 --output json >"$site/out/session.json" 2>/dev/null &&
    grep -q "SESSION_STATE_ENDED" "$site/out/session.json" && grep -q "$2" "$site/out/session.json"
}
act_port_renews() {
  local from number before after copy=$site/devices/$serial_second.copy
  show_act 'Renewal with a new key: the port stays open, the old certificate dies'
  from=$(lab_switch_address station-2)
  # Somebody who copied all that the device had.
  cp -R "$site/devices/$serial_second" "$copy" && cp -R "$(site_memory)/$serial_second" "$(site_memory)/copy"
  must 'an open connection' site_stream 2 "$(lab_switch_address production)" $hall_port
  must 'it streams' until_true streams production "$from"
  number=$(number_of $serial_second) before=$(flow_age 2)
  device_place=station-2 device renew $serial_second 0 --registrar "$(lab_switch_address production):8443"
  [ "$(number_of $serial_second)" != "$number" ] || show_fail 'the certificate is the same'
  must 'the certificate is known' until_true certificate_is_told $serial_second
  must 'the supplicant gets it' hand_to_supplicant 2 $serial_second
  must 'it logs on with it' lab_switch_wpa_cli 2 reconfigure
  must 'the old one ends' until_true credential_is $serial_second "$number" SUPERSEDED
  must 'the connection goes on' until_true streams production "$from"
  site_pid stream-2 >/dev/null || show_fail 'the connection broke'
  after=$(flow_age 2)
  awk -v a="$before" -v b="$after" 'BEGIN { exit !(b >= a) }' || show_fail 'the port was closed meanwhile'
  site_stop stream-2
  show_saw switch "the rule that lets it through stood all the while (for $after s); the open connection went on"
  device_place=station-2 device_folder=$copy device renew $serial_second 3 \
    --registrar "$(lab_switch_address production):8443"
  must_say 'the old certificate' CREDENTIAL_SUPERSEDED <"$site/out/$serial_second.renew.txt"
  show_saw thief 'with a copy of the old certificate and its key: the registrar does not renew it'
  # At the port that is free now, on a machine of the thief's own.
  must "the thief's machine" lab_exec station-1 ip link set dev eth-switch address 02:00:00:00:00:66
  sed -i "s|/supplicant-2\$|/supplicant-1|; s|/$serial_second/|/copy/|" "$(site_memory)/copy/supplicant.conf"
  lab_switch_configuration 1 "$(site_memory)/copy/supplicant.conf"
  must 'the copy tries' lab_switch_start supplicant-1
  must 'it is refused' keeps_trying 1 refused_at_port $serial_second PORT_CERTIFICATE_ENDED
  tell_explain $serial_second PORT_CERTIFICATE_ENDED
  attempts <<'TRIED'
station-1 production 8000 no
station-2 production 8000 yes
TRIED
  show_saw thief 'nor does it open a port'
  lab_switch_stop supplicant-1
}
number_of() { "$programs/pratique-device" status --dir "$site/devices/$1" --json | json 'd["ldevid"]["serial"]'; }
# For how many seconds the rule of the station at pN has stood.
flow_age() {
  lab_switch_ofctl dump-flows br0 "table=0,in_port=$1" 2>/dev/null |
    sed -n 's/.*duration=\([0-9.]*\)s.*dl_src=.*/\1/p' | head -n 1
}
# SERIAL NUMBER STATE
credential_is() {
  cli credentials list --device "$1" --output json |
    json '[c["state"] for c in d["credentials"] if c["certificateSerial"] == "'"$2"'"][0]' | grep -q "_$3\$"
}

act_port_again() {
  local number lives
  show_act 'Wiped and onboarded again: the old certificate is dead before a new one is made'
  number=$(number_of $serial_second)
  lab_switch_stop supplicant-2
  must 'wipe' "$programs/pratique-device" wipe --dir "$site/devices/$serial_second"
  if [ -e "$site/devices/$serial_second/state" ] || [ -e "$(site_memory)/$serial_second" ]; then
    show_fail 'something was left on the device'
  fi
  show_saw device 'wiped: certificate, key, voucher and what wpa_supplicant had are gone'
  decide devices reset $serial_second --reason 'sold to hall 2' --yes
  must 'the old one is dead' until_true credential_is $serial_second "$number" REVOKED
  must 'the port is closed' until_true port_is 2 4001
  cli credentials list --device $serial_second --state active --output json >"$site/out/active.json" 2>>"$show_log"
  [ "$(json 'len(d.get("credentials", []))' <"$site/out/active.json")" = 0 ] || show_fail 'a certificate still counts'
  show_saw operator 'reset: its certificate is revoked, the port closed; there is no other yet'
  joins_at_port 2 $serial_second
  must 'it talks to production' keeps_trying 2 reach station-2 production
  operator_sees $serial_second
  cli credentials list --device $serial_second >"$site/out/credentials.txt" 2>&1
  show_lines operator <"$site/out/credentials.txt"
  lives=$(cli devices show $serial_second --output json | json 'd["onboardingCount"]')
  [ "$lives" = 2 ] || show_fail "the history knows of $lives lives, not of 2"
  grep -E 'was given certificate|device\.reset|let in by' "$site/out/$serial_second.explain.txt" >"$site/out/lives.txt"
  [ "$(grep -c 'let in by' "$site/out/lives.txt")" -ge 2 ] || show_fail 'the history does not show both lives'
  show_lines operator <"$site/out/lives.txt"
}
