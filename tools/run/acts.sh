# shellcheck shell=bash disable=SC2154
# What play.sh shows, one function an act. Sourced after site.sh and show.sh; uses $site and $programs.
#
# Two makers. Of "Example Devices" the operator registers the anchors; of "Other Works" nothing. MASAs run at the
# maker's place; the first is told to do wrong for two of its devices, so that it shows who notices.

maker='Example Devices'
masa_port=9443
other_masa_port=9444
serial_known=00-D0-E5-F2-00-01    # authorized by its serial number
serial_model=00-D0-E5-F2-00-02    # allowed by policy: maker and model
serial_asked=00-D0-E5-F2-00-03    # no rule of its own: people decide
serial_forged=00-D0-E5-F2-00-04   # its MASA's voucher is forged
serial_stolen=00-D0-E5-F2-00-05   # its MASA names another owner
serial_liar=00-D0-E5-F2-00-06     # asks for a voucher under another's serial number
serial_fresh=00-D0-E5-F2-00-07    # for whoever looks around afterwards (--keep): allowed by policy
serial_stranger=AC-DE-48-00-00-01 # of a maker that nobody registered

# The platform's command line, as one of the operators: ada administers, ben operates.
cli_as() {
  local who=$1
  shift
  lab_exec server "$programs/pratique" --config "$site/etc/$who.yaml" "$@"
}
cli() { cli_as ada "$@"; }

act_network() {
  show_act 'A small network: device, join proxy, servers, maker; nobody forwards'
  must 'build the network' lab_up
  if lab_stands; then
    must 'the device reaches the proxy' lab_exec device ip route get "$(lab_address proxy L1)"
    if lab_exec device ip route get "$(lab_address server L2)" >/dev/null 2>&1; then show_fail 'the device reaches the servers'; fi
    show_saw network "namespaces $PRATIQUE_LAB-*; the device's only neighbour is the join proxy"
    must 'build the switch' lab_switch_up
    show_saw network 'beside it a switch (Open vSwitch), which acts 16 to 22 are about'
  else
    show_saw network 'no namespaces here: everything on 127.71.0.0/16, without DNS-SD'
  fi
}

act_site() {
  show_act 'A site: keys, a private PostgreSQL, every service twice, mutual TLS'
  must 'make keys' site_keys
  must 'make the database' site_database
  must 'write and check configurations' site_configurations
  # shellcheck disable=SC2086 # lists of names
  { must 'start services' site_start $site_all; must 'services are ready' site_await $site_all; }
  write_cli ada
  write_cli ben
  show_saw services "$(site_running | tr '\n' ' ')"
  cli status >"$site/out/status.txt" 2>&1 || { show_lines operator <"$site/out/status.txt"; show_fail 'pratique status'; }
  show_lines operator <"$site/out/status.txt"
}

write_cli() {
  cat >"$site/etc/$1.yaml" <<YAML
registrar: [$(site_inside server):$(site_rpc_port registrar-1), $(site_inside server):$(site_rpc_port registrar-2)]
onboarding: [$(site_inside server):$(site_rpc_port onboarding-1), $(site_inside server):$(site_rpc_port onboarding-2)]
network: [$(site_inside server):$(site_rpc_port network-1), $(site_inside server):$(site_rpc_port network-2)]
identity: $site/keys/operators/$1
ca: $site/keys/service-ca/ca.crt
YAML
}

# FOLDER NAME PORT
make_maker() {
  "$programs/pratique-factory" init --dir "$site/makers/$1" --name "$2" --masa-host "$(lab_address maker L3)" --masa-port "$3"
}
# MAKER SERIAL MODEL
make_device() {
  "$programs/pratique-factory" device --dir "$site/makers/$1" --serial "$2" --model "$3" --out "$site/devices/$2"
}
start_masas() {
  site_run masa "$programs/pratique-factory" masa --dir "$site/makers/example" \
    --listen "$(lab_address maker L3):$masa_port" --misbehave "forged=$serial_forged,other-owner=$serial_stolen" &&
    site_run masa-other "$programs/pratique-factory" masa --dir "$site/makers/other" \
      --listen "$(lab_address maker L3):$other_masa_port"
}
await_masas() {
  local port turns=300
  for port in $masa_port $other_masa_port; do
    until lab_exec maker curl -sk -m 2 -o /dev/null "https://$(lab_address maker L3):$port/"; do
      turns=$((turns - 1))
      [ $turns -gt 0 ] || return 1
      sleep 0.05
    done
  done
}

act_makers() {
  show_act 'Two makers build devices and run their MASAs'
  must 'make the makers' make_maker example "$maker" $masa_port
  must 'make the makers' make_maker other 'Other Works' $other_masa_port
  must 'make devices' make_device example $serial_known 'Sensor 7'
  must 'make devices' make_device example $serial_model 'Camera 2'
  must 'make devices' make_device example $serial_asked 'Gateway 1'
  must 'make devices' make_device example $serial_forged 'Camera 2'
  must 'make devices' make_device example $serial_stolen 'Camera 2'
  must 'make devices' make_device example $serial_liar 'Camera 2'
  must 'make devices' make_device example $serial_fresh 'Camera 2'
  must 'make devices' make_device other $serial_stranger 'Camera 2'
  must 'start the MASAs' start_masas
  must 'the MASAs answer' await_masas
  show_saw maker "$maker: 7 devices, MASA on $(lab_address maker L3):$masa_port, which only the servers reach"
  show_saw maker "Other Works: 1 device, MASA on port $other_masa_port"
}

act_operator() {
  local anchors=$site/makers/example/anchors
  show_act 'The operator registers the maker, one device by its number, and two rules'
  must 'register the maker' cli manufacturers add "$maker" --idevid-anchor "$anchors/idevid.pem" \
    --voucher-anchor "$anchors/voucher.pem" --masa-anchor "$anchors/masa-tls.pem"
  must 'announce a device' cli devices add $serial_known --manufacturer "$maker" --model 'Sensor 7' --segment sensors
  must 'add a rule' cli policies add --name 'cameras of Example Devices' --priority 10 --manufacturer "$maker" --model 'Camera*' \
    --effect allow --segment cameras
  must 'add a rule' cli policies add --name 'all else of Example Devices' --priority 900 --manufacturer "$maker" \
    --effect ask --segment guests
  cli policies list >"$site/out/policies.txt" 2>&1
  show_lines operator <"$site/out/policies.txt"
}

# --- devices ------------------------------------------------------------------------------------------------
# Where a device looks for its registrar.
way() {
  if lab_stands; then echo --discover "$(lab_interface device L1)"; else echo --registrar "$(lab_address proxy L1):8443"; fi
}
way_unjudged() { echo --registrar "$(lab_address proxy L1):$(site_door_port join-proxy-2)"; }

# VERB SERIAL EXPECTED_EXIT ARGUMENTS…: runs the device, shows its last line.
device() {
  local verb=$1 serial=$2 expected=$3 rc=0 out=$site/out/$2.$1.txt
  shift 3
  printf '\n--- pratique-device %s %s %s\n' "$verb" "$serial" "$*" >>"$show_log"
  lab_exec "${device_place:-device}" "$programs/pratique-device" "$verb" --dir "${device_folder:-$site/devices/$serial}" "$@" >"$out" 2>&1 </dev/null || rc=$?
  cat "$out" >>"$show_log"
  tell_device "$verb" "$serial"
  [ $rc -eq "$expected" ] || { show_lines device <"$out"; show_fail "pratique-device $verb ended with $rc, not $expected"; }
}
tell_device() { tail -n 1 "$site/out/$2.$1.txt" | show_lines device; }
# The steps on one line: name and milliseconds.
tell_steps() {
  awk '/^  / { line = line (line == "" ? "" : " · ") $1 " " $3 } END { print line " (ms)" }' "$site/out/$2.$1.txt" | show_lines device
}
# SERIAL WORD…: the operator's view says each word.
operator_sees() {
  local serial=$1
  shift
  cli devices explain "$serial" >"$site/out/$serial.explain.txt" 2>&1 || { cat "$site/out/$serial.explain.txt"; show_fail "devices explain $serial"; }
  must_say "devices explain $serial" "$@" <"$site/out/$serial.explain.txt"
}
# SERIAL CODE: the line of the operator's view that says what the code means.
tell_explain() { grep -E -m 1 "^ *$2" "$site/out/$1.explain.txt" | sed 's/^ *//' | show_lines operator; }

act_waiting_device_begins() {
  show_act 'A device that no rule names asks; people have to decide'
  # shellcheck disable=SC2046 # words
  lab_exec device "$programs/pratique-device" onboard --dir "$site/devices/$serial_asked" --timeout 600s $(way) \
    >"$site/out/$serial_asked.onboard.txt" 2>&1 </dev/null 7>&- 8>&- &
  waiting=$!
  must 'it waits for approval' await_pending
  cli approvals list --state pending >"$site/out/approvals.txt" 2>&1
  must_say 'approvals list' $serial_asked <"$site/out/approvals.txt"
  show_lines operator <"$site/out/approvals.txt"
  show_saw device 'was told 202 with Retry-After and asks again by itself'
}
await_pending() {
  local turns=200
  until cli devices show $serial_asked 2>/dev/null | grep -q pending; do
    turns=$((turns - 1))
    [ $turns -gt 0 ] && kill -0 "$waiting" || return 1
    sleep 0.1
  done
}

act_authorized_device() {
  show_act "A device authorized by its serial number $(if lab_stands; then echo 'finds the door by DNS-SD and '; fi)joins"
  # shellcheck disable=SC2046 # words
  device onboard $serial_known 0 --timeout 60s $(way)
  tell_steps onboard $serial_known
  cli devices show $serial_known >"$site/out/$serial_known.show.txt" 2>&1
  must_say 'devices show' admitted sensors <"$site/out/$serial_known.show.txt"
  grep -E '^(serial|state|model|segment|onboarded)' "$site/out/$serial_known.show.txt" | show_lines operator
  # The voucher, then the audit log, both before the certificate.
  grep -F "serial=$serial_known" "$site/log/masa.log" >"$site/out/$serial_known.masa.txt"
  must_say "the MASA's log" 'requestvoucher 200' 'requestauditlog 200' <"$site/out/$serial_known.masa.txt"
  awk '{ print $4, $5, $6 }' "$site/out/$serial_known.masa.txt" | show_lines maker
  operator_sees $serial_known 'voucher is accepted' 'enrolment was good'
}

act_policy_device() {
  show_act 'A device that a rule about maker and model allows joins'
  # shellcheck disable=SC2046 # words
  device onboard $serial_model 0 --timeout 60s $(way)
  cli devices show $serial_model >"$site/out/$serial_model.show.txt" 2>&1
  must_say 'devices show' admitted cameras <"$site/out/$serial_model.show.txt"
  grep -E '^(state|model|segment)' "$site/out/$serial_model.show.txt" | show_lines operator
}

act_explain() {
  show_act 'Why it was let in, step by step'
  operator_sees $serial_model cameras
  grep -v '^    ' "$site/out/$serial_model.explain.txt" | show_lines operator
}

act_unknown_maker() {
  show_act 'Refused: a device of a maker that nobody registered'
  # shellcheck disable=SC2046 # words
  device onboard $serial_stranger 3 --timeout 20s $(way)
  operator_sees $serial_stranger MANUFACTURER_UNKNOWN
  tell_explain $serial_stranger MANUFACTURER_UNKNOWN
}

# SERIAL CODE: the network hands on what the maker's MASA answered, and the device sees through it.
refused_voucher() {
  # shellcheck disable=SC2046 # words
  device onboard "$1" 4 --timeout 20s $(way_unjudged)
  must_say 'the device' "$2" <"$site/out/$1.onboard.txt"
  operator_sees "$1" "$2"
  tell_explain "$1" "$2"
}

act_forged_voucher() {
  show_act 'Refused by the device: a forged voucher; a network that judges too withholds it'
  refused_voucher $serial_forged VOUCHER_SIGNER_UNKNOWN
  must 'wipe' "$programs/pratique-device" wipe --dir "$site/devices/$serial_forged"
  # To the device it is a trouble of the network's, so it would ask again for days.
  # shellcheck disable=SC2046 # words
  device onboard $serial_forged 5 --timeout 3s $(way)
  must_say 'the device' '502 VOUCHER_SIGNER_UNKNOWN' <"$site/out/$serial_forged.onboard.txt"
  grep -F -m 1 '502 ' "$site/out/$serial_forged.onboard.txt" | sed 's/^ *//; s/   */  /g' | show_lines device
}

act_other_owner() {
  show_act 'Refused by the device: its maker names another owner than this network'
  refused_voucher $serial_stolen VOUCHER_PINNED_CERT_MISMATCH
}

# A pledge made of openssl and curl. SERIAL asks for a voucher under the name of ASKED_FOR; prints the HTTP status, the
# answer is in out/pledge.answer.
plain_pledge() {
  local home=$site/devices/$1 work=$site/out/pledge registrar
  registrar=$(lab_address proxy L1):8443
  lab_exec device openssl s_client -connect "$registrar" -cert "$home/idevid.crt" -key "$home/idevid.key" \
    -pass "file:$home/idevid.pass" </dev/null 2>>"$show_log" | openssl x509 -outform DER -out "$work.server.der" || return 1
  printf '{"ietf-voucher-request:voucher":{"assertion":"proximity","created-on":"%s","nonce":"%s","serial-number":"%s","proximity-registrar-cert":"%s"}}' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(openssl rand -base64 16)" "$2" "$(base64 -w 0 "$work.server.der")" >"$work.json"
  # openssl takes no certificate twice: the signer's stands first in the file, the CAs follow.
  awk '/-----BEGIN/ { n++ } n > 1' "$home/idevid.crt" >"$work.cas.pem"
  openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.40 -in "$work.json" \
    -signer "$home/idevid.crt" -certfile "$work.cas.pem" -inkey "$home/idevid.key" -passin "file:$home/idevid.pass" \
    -outform DER -out "$work.cms" 2>>"$show_log" || return 1
  # The passphrase goes in by standard input, so that it stands in no process list.
  printf 'pass = "%s"\n' "$(cat "$home/idevid.pass")" | lab_exec device curl -sk -m 20 -K - --cert "$home/idevid.crt" \
    --key "$home/idevid.key" -H 'Content-Type: application/voucher-cms+json' -H 'Accept: application/voucher-cms+json' \
    --data-binary "@$work.cms" -o "$work.answer" -w '%{http_code}' "https://$registrar/.well-known/brski/requestvoucher" 2>>"$show_log"
}

act_wrong_serial() {
  local status
  show_act "Refused: another's serial number in the request (a pledge of openssl and curl)"
  status=$(plain_pledge $serial_liar $serial_model) || show_fail "the pledge of openssl and curl could not ask"
  show_saw device "$status $(head -c 200 "$site/out/pledge.answer" | tr -d '\n')"
  must_say 'the answer' PVR_SERIAL_MISMATCH <"$site/out/pledge.answer"
  [ "$status" -ge 400 ] || show_fail "the registrar answered $status"
  operator_sees $serial_liar PVR_SERIAL_MISMATCH $serial_model
  tell_explain $serial_liar PVR_SERIAL_MISMATCH
  status=$(plain_pledge $serial_liar $serial_liar) || show_fail "the pledge of openssl and curl could not ask"
  [ "$status" = 200 ] || show_fail "under its own serial number it got $status, not 200: $(head -c 300 "$site/out/pledge.answer")"
  must 'openssl verifies the voucher' openssl cms -verify -binary -inform DER -in "$site/out/pledge.answer" -purpose any \
    -CAfile "$site/makers/example/anchors/voucher.pem" -out "$site/out/pledge.voucher.json"
  must_say 'the voucher' $serial_liar proximity <"$site/out/pledge.voucher.json"
  show_saw device 'under its own serial number it gets a voucher, which openssl verifies'
}

# What registrar-2, which was not asked to revoke, tells strangers of a certificate, by both ways.
openssl_sees_revoked() {
  local serial=$1 issuer=$site/keys/domain-ca/issuing.crt list=$site/out/revoked.crl said=$site/out/revoked.txt key url
  url=http://$(site_inside server):$(site_revocation_port registrar-2)
  key=$(openssl x509 -in "$issuer" -noout -ext subjectKeyIdentifier | sed -n 's/^ *\([0-9A-F:]*\)$/\1/p' | tr -d : | tr 'A-F' 'a-f')
  for _ in {1..50}; do  # replicas hear of it within a moment
    must 'curl fetches the list' lab_exec server curl -sSf -m 5 -o "$list" "$url/crl/$key.crl"
    openssl crl -inform DER -in "$list" -CAfile "$issuer" -noout -text >"$said" 2>&1
    if grep -q "${serial^^}" "$said"; then break; fi
    sleep 0.1
  done
  must_say 'the list' 'verify OK' "Serial Number: ${serial^^}" <"$said"
  lab_exec server openssl ocsp -issuer "$issuer" -serial "0x$serial" -url "$url/ocsp" -CAfile "$issuer" >"$said" 2>&1
  must_say 'the answer' 'Response verify OK' "0x$serial: revoked" <"$said"
}

act_revoked() {
  local serial
  show_act 'Refused: a device whose certificate was revoked'
  device renew $serial_known 0
  must 'revoke' cli_as ben credentials revoke $serial_known --reason 'stolen from hall 1' --yes
  serial=$(cli credentials list --device $serial_known --state revoked --output json |
    sed -n 's/.*"certificate_\{0,1\}[sS]erial": *"\([0-9a-f]*\)".*/\1/p')
  openssl_sees_revoked "$serial"
  show_saw openssl "revoked, says the list and says OCSP of registrar-2: ${serial:0:12}…"
  device renew $serial_known 3
  must_say 'the device' CREDENTIAL_REVOKED <"$site/out/$serial_known.renew.txt"
  operator_sees $serial_known CREDENTIAL_REVOKED 'stolen from hall 1'
  tell_explain $serial_known CREDENTIAL_REVOKED
}

act_crash() {
  show_act 'kill -9 of every service and of PostgreSQL, then all of them again'
  cli audit verify >"$site/out/audit.before.txt" 2>&1 || { show_lines operator <"$site/out/audit.before.txt"; show_fail 'audit verify'; }
  # shellcheck disable=SC2086 # a list of names
  {
    site_kill9 $site_all masa masa-other
    must 'kill PostgreSQL' pg_kill9 "$site"
    show_saw site 'nothing runs'
    must 'PostgreSQL again' site_postgres
    must 'services again' site_start $site_all
    must 'MASAs again' start_masas
    must 'services are ready' site_await $site_all
    must 'the MASAs answer' await_masas
  }
  kill -0 "$waiting" 2>/dev/null || { show_lines device <"$site/out/$serial_asked.onboard.txt"; show_fail 'the waiting device gave up'; }
  show_saw site 'everything runs again; the device that waits has noticed at most a broken connection'
}

act_yes() {
  show_act 'The operator says yes to the device that waits, which will ask again by itself'
  cli_as ben approvals approve $serial_asked --reason 'ordered for hall 1' >"$site/out/approvals.txt" 2>&1 ||
    { cat "$site/out/approvals.txt" >&2; show_fail 'approvals approve'; }
  show_lines operator <"$site/out/approvals.txt"
}

act_waiting_device_ends() {
  local rc=0
  show_act 'The device that waited through the crash for a yes has joined'
  wait "$waiting" || rc=$?
  tell_device onboard $serial_asked
  [ $rc -eq 0 ] || { show_lines device <"$site/out/$serial_asked.onboard.txt"; show_fail "the device ended with $rc"; }
  operator_sees $serial_asked approv
}

act_audit() {
  show_act 'The audit log: every decision, unbroken, nothing lost by the crash'
  cli audit verify --known-sequence "$(awk '$1 == "entries" { print $2 }' "$site/out/audit.before.txt")" \
    --known-hash "$(awk '$1 == "head" { print $2 }' "$site/out/audit.before.txt")" >"$site/out/audit.txt" 2>&1 || { show_lines operator <"$site/out/audit.txt"; show_fail 'audit verify'; }
  show_lines operator <"$site/out/audit.txt"
}

# --- afterwards ---------------------------------------------------------------------------------------------
# What a stranger's tool needs, as KEY=value.
remember() {
  local name upper
  {
    echo "SITE=$site"
    echo "LAB=$PRATIQUE_LAB"
    echo "LAB_MODE=$(lab_mode)"
    echo "PROGRAMS=$programs"
    for name in $lab_places; do
      if lab_stands; then echo "NAMESPACE_${name^^}=$(lab_namespace "$name")"; fi
    done
    echo "DEVICE_ADDRESS=$(lab_address device L1)"
    echo "DEVICE_INTERFACE=$(lab_interface device L1)"
    echo "JOIN_PROXY=$(lab_address proxy L1):$(site_door_port join-proxy)"
    echo "JOIN_PROXY_2=$(lab_address proxy L1):$(site_door_port join-proxy-2)"
    for name in onboarding-1 onboarding-2 onboarding-3; do
      upper=${name^^}
      echo "${upper//-/_}_HTTPS=$(lab_address server L2):$(site_door_port "$name")"
    done
    for name in $site_all; do
      upper=${name^^}
      upper=${upper//-/_}
      case $name in registrar-*) echo "${upper}_REVOCATION=http://$(site_inside server):$(site_revocation_port "$name")" ;; esac
      case $name in join-proxy*) ;; *) echo "${upper}_GRPC=$(site_inside server):$(site_rpc_port "$name")" ;; esac
      echo "${upper}_METRICS=http://$(site_inside "$(site_place "$name")"):$(site_metrics_port "$name")/metrics"
    done
    echo "MASA_HTTPS=$(lab_address maker L3):$masa_port"
    echo "MASA_OTHER_HTTPS=$(lab_address maker L3):$other_masa_port"
    echo "DOMAIN_CA=$site/keys/domain-ca/root.crt"
    echo "DOMAIN_ISSUING_CA=$site/keys/domain-ca/issuing.crt"
    echo "SERVICE_CA=$site/keys/service-ca/ca.crt"
    echo "TRUST_DOMAIN=$site_trust_domain"
    echo "OPERATOR_ADMIN=$site/keys/operators/ada"
    echo "OPERATOR=$site/keys/operators/ben"
    echo "CLI_CONFIG=$site/etc/ada.yaml"
    echo "MAKER=$site/makers/example"
    echo "MAKER_IDEVID_CA=$site/makers/example/anchors/idevid.pem"
    echo "MAKER_VOUCHER_CA=$site/makers/example/anchors/voucher.pem"
    echo "MAKER_MASA_CA=$site/makers/example/anchors/masa-tls.pem"
    echo "DEVICES=$site/devices"
    echo "FRESH_DEVICE=$site/devices/$serial_fresh"
    if lab_switch_stands; then
      for name in $lab_switch_places; do
        upper=${name^^}
        echo "NAMESPACE_${upper//-/_}=$(lab_namespace "$name")"
      done
      for name in proxy station-1 guest-1 station-2 production workshop quarantine; do
        upper=${name^^}
        echo "SWITCH_ADDRESS_${upper//-/_}=$(lab_switch_address "$name")"
      done
      echo "SWITCH_FOLDER=$(lab_switch_folder)"
      echo "SWITCH_OVSDB=10.71.6.2:6640"
      echo "SWITCH_OPENFLOW=10.71.6.2:6653"
      echo "RADIUS_SERVER=10.71.6.1:1812"
      echo "RADIUS_FOLDER=$(site_radius_folder)"
      echo "SUPPLICANT_FOLDERS=$(site_memory)"
      echo "HOST_PORT=$hall_port"
    fi
    echo "DATABASE='$(pg_conninfo "$site")'"
    echo "LOGS=$site/log"
  } >"$site/demo.env"
}

look_around() {
  local here=${PWD%/}/ lab=$site_tools/../../tests/lab/lab.sh
  lab=$(readlink -f "$lab")
  cat <<TEXT

Everything still runs. Look around (addresses and files: ${site#"$here"}/demo.env):

  export PRATIQUE_LAB=$PRATIQUE_LAB PRATIQUE_CONFIG=$site/etc/ada.yaml
  ${lab#"$here"} exec server ${programs#"$here"}/pratique status
  ${lab#"$here"} exec server ${programs#"$here"}/pratique devices list
  ${lab#"$here"} exec device ${programs#"$here"}/pratique-device onboard $(way) --dir $site/devices/$serial_fresh
  ${lab#"$here"} exec server ${programs#"$here"}/pratique devices explain $serial_fresh
  ${lab#"$here"} exec server curl -s http://$(site_inside server):$(site_metrics_port onboarding-1)/metrics

$(if lab_switch_stands; then cat <<PORTS
  ${lab#"$here"} exec server ${programs#"$here"}/pratique sessions list
  ${lab#"$here"} exec server ${programs#"$here"}/pratique network diff
  ${lab#"$here"} switch ofctl dump-flows br0

PORTS
fi)

./run stop ends it.
TEXT
}
