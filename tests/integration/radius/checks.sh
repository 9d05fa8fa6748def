# What has to be so. Sourced after place.sh.

# COLUMN STATION [VERDICT]: of the last word about a station.
last() { sql "SELECT $1 FROM radius_auth WHERE station = '$2' AND verdict LIKE '${3:-%}' ORDER BY last_time DESC LIMIT 1"; }
# COLUMN STATION: of the last accept that was handed on to whoever keeps sessions.
accepted() { sql "SELECT $1 FROM radius_report LEFT JOIN credential USING (authority_key_id)
  WHERE kind = 'accept' AND serial = certificate_serial AND radius_station(calling_station_id) = '$2'
  ORDER BY id DESC LIMIT 1"; }
count() { sql "SELECT count(*) FROM $1"; }
exists() { [ "$(sql "SELECT EXISTS (SELECT FROM $1)")" = t ]; }
reply_has() { grep -A1 "Attribute $1 " "$site/out/eapol" | grep -q "Value: $2"; }
wire_mac() { ip -o link show dev sensor | sed -n 's|.*link/ether \([0-9a-f:]*\).*|\1|p'; }

# WHAT CERTIFICATE CODE [MAC] [IDENTITY]
refused() {
  local mac=${4:-02:00:00:00:00:0e}
  fails "$1" logon "$2" "$mac" "${5:-}"
  same "$1: RADIUS said so" "$(grep -c 'code=3 (Access-Reject)' "$site/out/eapol")" 1
  same "$1: why" "$(last code "$mac" reject)" "$3"
}

on_a_wire() {
  part 'a device on a wire, by hostapd and wpa_supplicant'
  holds 'it is let in' soon state_is 'Supplicant PAE state' AUTHENTICATED || return
  same 'the answer is written down' "$(accepted "nas_port_id || ' ' || given_vlan || ' ' || device" "$(wire_mac)")" \
    "p1 42 $device"
  holds 'the accept is reported to whoever keeps sessions' exists "radius_report WHERE kind = 'accept' AND nas_port_id = 'p1'
    AND given_vlan = 42 AND certificate_serial = '$(serial_of sensor)' AND authority_key_id = '$(key_id sensor)'"
  holds 'its accounting starts' soon exists "radius_report WHERE kind = 'start' AND nas_address = '127.0.0.1'
    AND nas_identifier = 'hall-1' AND nas_port_id = 'p1' AND accounting_id <> '' AND user_name = 'sensor'"
  sql "UPDATE credential SET live = false, reason = 'revoked'"
  supplicant_cli reassociate >/dev/null
  holds 'its certificate was revoked: it is refused' soon eval \
    "[ \"\$(last code $(wire_mac) reject)\" = PORT_CERTIFICATE_ENDED ]"
  holds 'hostapd puts it out' soon grep -q AP-STA-DISCONNECTED "$site/log/hostapd.log"
  holds 'its accounting stops' soon exists "radius_report WHERE kind = 'stop' AND accounting_id =
    (SELECT accounting_id FROM radius_report WHERE kind = 'start' AND user_name = 'sensor' ORDER BY id LIMIT 1)"
  sql "UPDATE credential SET live = true, reason = ''"
}

judged() {
  part 'who may in, and where'
  holds 'an admitted device' logon sensor || return
  holds 'Tunnel-Type VLAN' reply_has 64 '0*d$'
  holds 'Tunnel-Medium-Type IEEE-802' reply_has 65 '0*6$'
  holds 'Tunnel-Private-Group-Id 42' reply_has 81 3432
  holds 'Session-Timeout 600' reply_has 27 600
  holds 'Termination-Action RADIUS-Request' reply_has 29 1
  holds 'Class is the device' reply_has 25 "$(printf '%s' $device | od -An -tx1 | tr -d ' \n')"
  sql "UPDATE credential SET not_after = now() + interval '100 seconds'"
  holds 'a certificate that ends soon' logon sensor
  holds 'Session-Timeout is what is left of it' reply_has 27 '\(9[0-9]\|100\)$'
  sql "UPDATE credential SET not_after = now() - interval '1 second'"
  refused 'a certificate that ended' sensor PORT_CERTIFICATE_ENDED
  sql "UPDATE credential SET not_after = 'infinity'; UPDATE grant_ SET standing = 'quarantined'"
  holds 'a quarantined device' logon sensor
  holds 'is in the quarantine segment' reply_has 81 34303032
  sql "UPDATE grant_ SET standing = 'excluded'"
  refused 'an excluded device' sensor PORT_DEVICE_EXCLUDED
  sql "UPDATE grant_ SET standing = 'admitted', segment = 'nowhere'"
  refused 'a segment that is missing' sensor PORT_SEGMENT_MISSING
  sql "UPDATE grant_ SET segment = 'quarantine'"
  refused 'a segment that is not for production' sensor PORT_SEGMENT_MISSING
  sql "UPDATE grant_ SET segment = 'sensors'"
  refused 'a certificate of our CA that is not registered' stray PORT_CERTIFICATE_UNKNOWN
  same 'its serial number stands in the answer' "$(last certificate_serial 02:00:00:00:00:0e reject)" "$(serial_of stray)"
  refused 'a certificate of another CA' forged PORT_CERTIFICATE_UNKNOWN 02:00:00:00:00:0f
  holds 'what TLS said of it is written down' test -n "$(last detail 02:00:00:00:00:0f)"
  refused 'a certificate of another CA again' forged PORT_CERTIFICATE_UNKNOWN 02:00:00:00:00:0f
  same 'equal refusals are one row' "$(last times 02:00:00:00:00:0f)" 2
}

strangers() {
  local before
  part 'strangers, and switches that nobody registered'
  before=$(count radius_auth)
  ask() { echo "$1" | timeout 5 radclient -x -r 1 -t "${5:-0.4}" "127.0.0.1:$2" "$3" "$4"; }
  fails 'no Message-Authenticator: silence' ask 'User-Name = "x", NAS-Port-Id = "p1"' 1812 auth "$secret"
  fails 'another secret: silence' ask 'User-Name = "x", Message-Authenticator = 0x00' 1812 auth anothersecret1234
  fails 'a switch that is not registered: silence' ask \
    'Packet-Src-IP-Address = 127.0.0.2, User-Name = "x", Message-Authenticator = 0x00' 1812 auth "$secret"
  fails 'an address outside of the networks: silence' ask \
    'Packet-Src-IP-Address = 127.0.0.77, User-Name = "x", Message-Authenticator = 0x00' 1812 auth "$secret"
  fails 'accounting of a switch that is not registered: silence' ask \
    'Packet-Src-IP-Address = 127.0.0.2, Acct-Status-Type = Start, Acct-Session-Id = "1"' 1813 acct "$secret"
  same 'nothing of it is written down' "$(count radius_auth)" "$before"
  ask "User-Name = x, User-Password = y, NAS-Port-Id = p1, Calling-Station-Id = 02-00-00-00-00-AA,\
 Message-Authenticator = 0x00" 1812 auth "$secret" 3 >"$site/out/pap" 2>&1
  holds 'a password opens nothing' grep -q 'Access-Reject' "$site/out/pap"
  same 'and is written down' "$(last "code || ' ' || detail" 02:00:00:00:00:aa)" 'PORT_CERTIFICATE_UNKNOWN no EAP'
  sql "SELECT count(radius_post_auth('reject', 'PORT_CERTIFICATE_UNKNOWN', '', '', '', '127.0.0.1', 'hall-1',
    CASE WHEN i % 2 = 0 THEN 'p1' ELSE 'q' || i END, 'station ' || i, 'identity ' || i, '', ''))
    FROM generate_series(1, 5000) i" >/dev/null
  holds 'five thousand stations leave 128 rows at most' test \
    "$(sql "SELECT count(*) FROM radius_auth WHERE station LIKE 'station %'")" -le 128
}

odd_characters() {
  local before name mac=02:00:00:00:01:00 odd
  part 'odd characters'
  before=$(sql "SELECT count(*) FROM pg_tables WHERE schemaname = 'network'")
  for odd in "x'); DROP TABLE session; --" "x'||(SELECT version())||'" '%{sql:SELECT 1}' '\' "it's" '$HOME`id`' '=27' '"' \
    'a\'"'"'b' '%{User-Name}' '{}' $'tab\there'; do
    name=$(printf '%s' "$odd" | od -An -tx1 | tr -d ' \n')
    holds "identity $odd" logon sensor $mac "$name"
    same "identity $odd arrives as it is" "$(accepted user_name $mac)" "$odd"
  done
  holds 'an identity that is not UTF-8' logon sensor $mac 78ff80c3
  same 'that one is readable still' "$(accepted user_name $mac)" $'x\u00ff\u0080\u00c3'
  holds 'an identity in UTF-8' logon sensor $mac "$(printf '\u00fc\u20ac' | od -An -tx1 | tr -d ' \n')"
  same 'arrives as it is' "$(accepted user_name $mac)" $'\u00fc\u20ac'
  refused 'an odd identity of a stranger' stray PORT_CERTIFICATE_UNKNOWN $mac \
    "$(printf "x'); DROP TABLE session; --" | od -An -tx1 | tr -d ' \n')"
  account "Acct-Status-Type = Start, Acct-Session-Id = \"a'); DELETE FROM grant_; --\", NAS-Port-Id = p1,\
 User-Name = \"%{sql:SELECT 1}\""
  holds 'accounting too' exists \
    "radius_report WHERE accounting_id = 'a''); DELETE FROM grant_; --' AND user_name = '%{sql:SELECT 1}'"
  same 'no table is gone' "$(sql "SELECT count(*) FROM pg_tables WHERE schemaname = 'network'")" "$before"
  same 'no grant is gone' "$(count grant_)" 1
}

# ATTRIBUTES: an accounting request of the switch; succeeds if it is answered.
account() { echo "$1" | timeout 8 radclient -x -r 2 -t 1 127.0.0.1:1813 acct "$secret" >"$site/out/acct" 2>&1; }

accounting() {
  local one='Acct-Session-Id = s1, NAS-Identifier = hall-1, NAS-Port-Id = p1, User-Name = sensor'
  one+=', Calling-Station-Id = 02-00-00-00-00-0E'
  part accounting
  sql 'DELETE FROM radius_report'
  holds 'start' account "Acct-Status-Type = Start, $one"
  holds 'interim' account "Acct-Status-Type = Interim-Update, $one, Acct-Input-Octets = 7, Acct-Input-Gigawords = 2,\
 Acct-Output-Octets = 9, Framed-IP-Address = 192.0.2.7"
  holds 'stop' account "Acct-Status-Type = Stop, $one, Acct-Input-Octets = 8, Acct-Terminate-Cause = Lost-Carrier"
  same 'all arrive, in order' "$(sql "SELECT string_agg(kind, ' ' ORDER BY id) FROM radius_report")" 'start interim stop'
  same 'octets and addresses' \
    "$(sql "SELECT input_octets, output_octets, framed_addresses FROM radius_report WHERE kind = 'interim'")" \
    '8589934599|9|{192.0.2.7}'
  same 'the cause' "$(sql "SELECT terminate_cause FROM radius_report WHERE kind = 'stop'")" Lost-Carrier
  sql "DELETE FROM radius_report; INSERT INTO session (id, device, switch, switch_name, port, port_name, mac,
    user_name, accounting_id, certificate_serial, authority_key_id, state, accept_time, heard_time)
    VALUES (gen_random_uuid(), '$device', '$switch', 'hall-1', '0190d0a0-0000-7000-8000-0000000000b1', 'p1', '02:00:00:00:00:0e',
    'sensor', 's2', '01', 'aa', 'live', now(), now())"
  holds 'a switch that started anew' account 'Acct-Status-Type = Accounting-On'
  same 'its open sessions are told to stop' \
    "$(sql 'SELECT kind, accounting_id, nas_port_id, calling_station_id, terminate_cause FROM radius_report')" \
    'stop|s2|p1|02:00:00:00:00:0e|Accounting-On'
}

role() {
  local table
  part 'the role of the RADIUS server'
  same 'no table and no sequence is its to read or write' "$(sql "SELECT count(*) FROM pg_class
    WHERE relnamespace = 'network'::regnamespace
    AND CASE relkind WHEN 'r' THEN has_any_column_privilege('radius', oid, 'SELECT, INSERT, UPDATE, REFERENCES')
        OR has_table_privilege('radius', oid, 'DELETE, TRUNCATE, TRIGGER')
      WHEN 'S' THEN has_sequence_privilege('radius', oid, 'USAGE, SELECT, UPDATE') ELSE false END")" 0
  same 'four functions are its to call' "$(sql "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
    WHERE pronamespace = 'network'::regnamespace AND has_function_privilege('radius', oid, 'EXECUTE')")" \
    'radius_accounting radius_client radius_logon radius_post_auth'
  for table in switch credential radius_auth; do fails "it does not read $table" as_radius "TABLE network.$table"; done
  fails 'it admits nobody' as_radius "SELECT network.radius_admit('radius')"
  fails 'it creates nothing' as_radius 'CREATE TABLE network.switch2 (x integer)'
  same 'it may ask' \
    "$(as_radius "SELECT network.radius_logon('ff', 'aa', '127.0.0.1', '', '', '', '', 60)")" \
    'reject|PORT_CERTIFICATE_UNKNOWN|-|0'
  same 'a switch is known by its address' \
    "$(as_radius "SELECT network.radius_logon('ff', 'aa', '192.0.2.99', '', '', '', '', 60)")" \
    'reject|PORT_SWITCH_UNKNOWN|-|0'
  same 'tables of its own change nothing' "$(as_radius "CREATE TEMP TABLE switch (id uuid, name text, nas_address inet,
    radius_secret_for_server bytea); INSERT INTO pg_temp.switch VALUES (gen_random_uuid(), 'mine', '192.0.2.99', '\\x00');
    SET search_path = pg_temp, network; SELECT count(*) FROM network.radius_client('192.0.2.99')")" 0
  same 'its secrets are of no use without the key' "$(as_radius "
    SELECT position('s3cret'::bytea IN decode(sealed, 'hex'))
    FROM network.radius_client('127.0.0.1')")" 0
}

unwritten() {
  part 'an accept that cannot be written down is none'
  sql 'ALTER TABLE radius_report RENAME TO radius_report_away'
  fails 'the device does not come in' logon sensor
  same 'RADIUS says no' "$(grep -c 'code=3 (Access-Reject)' "$site/out/eapol")" 1
  holds 'EAP says no' grep -q 'EAP Failure' "$site/out/eapol"
  fails 'EAP does not say yes' grep -q 'from RADIUS server: EAP Success' "$site/out/eapol"
  same 'neither a VLAN nor a key leaves' \
    "$(sed -n '/code=3 (Access-Reject)/,/^decapsulated/p' "$site/out/eapol" | grep -cE 'Attribute (64|65|81|25|27|26) ')" 0
  sql 'ALTER TABLE radius_report_away RENAME TO radius_report'
  holds 'then it does' logon sensor
}

# CAs as on a real site: one below a root, both made by pratique-pki, and a device with a certificate of the lower one.
# Who is revoked is told by that CA's own index, as openssl keeps it.
revoked_elsewhere() {
  local ca=$site/ca dir=$open/freeradius
  mkdir -p "$ca"
  printf '[ca]\ndefault_ca=own\n[own]\ndatabase=%s/index\ncrlnumber=%s/number\ndefault_md=sha256\n' "$ca" "$ca" >"$ca/conf"
  echo default_crl_days=1 >>"$ca/conf"
  : >"$ca/index"
  echo 01 >"$ca/number"
  openssl_ca() { openssl ca -config "$ca/conf" -cert "$site/certs/below.pem" -keyfile "$site/certs/below.key" "$@"; }
  place_chain() {
    local keys=$ca/keys/domain-ca
    "$programs/pratique-pki" init --dir "$ca/keys" --trust-domain plant.example.com &&
      cp "$keys/root.crt" "$keys/root.crl" "$site/certs/" &&
      openssl x509 -in "$keys/issuing.crt" -out "$site/certs/below.pem" &&
      openssl pkcs8 -in "$keys/issuing.key" -passin "file:$keys/issuing.pass" -out "$site/certs/below.key" &&
      certificate lamp below &&
      sql "INSERT INTO credential VALUES ('$(key_id lamp)', '$(serial_of lamp)', '$device', true, '',
        now() + interval '1 year', 1)"
  }
  # FILE…: what FreeRADIUS trusts.
  trust() { (cd "$site/certs" && cat "$@") >"$dir/certs/devices.pem"; }
  list() { openssl_ca -gencrl -out "$site/certs/below.crl" 2>/dev/null; }
  again() { radius_stop "$open" && radius_own "$open" && radius_start "$open"; }

  part 'a CRL, as a second way'
  holds 'a CA below a root, and a device of it' place_chain || return
  radius_set "$dir/pratique.conf" check_crl yes
  trust below.pem root.crt
  holds 'FreeRADIUS starts without a list' again
  fails 'nobody comes in without one' logon lamp
  list
  trust below.pem root.crt below.crl
  holds 'FreeRADIUS takes the list' again
  holds 'who is not on it comes in' logon lamp

  part 'a list of each CA'
  radius_set "$dir/pratique.conf" check_all_crl yes
  # What is trusted ends a chain: the CA below is sent by the device, so that the list of the root is asked.
  cp "$site/certs/lamp.key" "$site/certs/lamp-and-ca.key"
  cat "$site/certs/lamp.pem" "$site/certs/below.pem" >"$site/certs/lamp-and-ca.pem"
  trust root.crt below.crl
  holds 'FreeRADIUS takes the root' again
  fails 'nobody comes in without its list' logon lamp-and-ca
  trust root.crt below.crl root.crl
  holds 'FreeRADIUS takes both lists' again
  holds 'who is on none comes in' logon lamp-and-ca
  openssl_ca -revoke "$site/certs/lamp.pem" 2>>"$site/log/ca.log"
  list
  trust root.crt below.crl root.crl
  holds 'and a new one' again
  refused 'who is on it does not, whatever the database says' lamp-and-ca PORT_CERTIFICATE_ENDED
  radius_set "$dir/pratique.conf" check_all_crl no
  trust below.pem root.crt below.crl
  holds 'devices alone are looked for again' again
  refused 'it is on that list still' lamp PORT_CERTIFICATE_ENDED

  part 'OCSP, as a second way'
  radius_set "$dir/pratique.conf" check_crl no
  radius_set "$dir/pratique.conf" check_ocsp yes
  radius_set "$dir/pratique.conf" ocsp_url '"http://127.0.0.1:8888/"'
  holds 'FreeRADIUS starts' again
  fails 'no responder: nobody comes in' logon lamp
  sed -i 's/^R\t\([^\t]*\)\t[^\t]*/V\t\1\t/' "$ca/index"
  responder() {
    openssl ocsp -index "$ca/index" -port 8888 -rsigner "$site/certs/below.pem" -rkey "$site/certs/below.key" \
      -CA "$site/certs/below.pem" >"$site/log/ocsp.log" 2>&1 </dev/null &
    pids+=($!) responder=$!
    soon grep -q waiting "$site/log/ocsp.log"
  }
  responder
  holds 'a good certificate' logon lamp
  kill "$responder"
  wait "$responder" 2>/dev/null
  openssl_ca -revoke "$site/certs/lamp.pem" 2>>"$site/log/ca.log"
  responder
  refused 'a revoked one, whatever the database says' lamp PORT_CERTIFICATE_ENDED
  kill "$responder"
  wait "$responder" 2>/dev/null
  radius_set "$dir/pratique.conf" check_ocsp no
  cat "$site/certs/issuing.pem" >"$dir/certs/devices.pem"
  holds 'and without it again' again
  holds 'the database alone is asked' logon sensor
}

database_away() {
  part 'the database goes away and comes back'
  pg_stop_only() { pg_as_owner "$(pg_bin)/pg_ctl" -D "$site/db" -m immediate -w stop; }
  sql 'DELETE FROM radius_report'
  holds 'a device comes in' logon sensor
  holds 'and the database is killed' pg_kill9 "$site"
  holds 'it is back from that' pg_start "$site"
  same 'it knows the accept that was answered' "$(count "radius_report WHERE kind = 'accept'")" 1
  holds 'it is stopped' pg_stop_only
  fails 'nobody comes in' logon sensor
  same 'it is said at once' "$(grep -c 'code=3 (Access-Reject)' "$site/out/eapol")" 1
  fails 'accounting is not acknowledged' account 'Acct-Status-Type = Start, Acct-Session-Id = "s9", NAS-Port-Id = "p1"'
  radius_kill9 "$open"
  holds 'FreeRADIUS starts without it' radius_start "$open"
  patience=2 fails 'a switch is not even known' logon sensor
  holds 'it is back' pg_start "$site"
  holds 'the device comes in, with nobody having done anything' soon logon sensor
  holds 'the switch says its accounting again' account 'Acct-Status-Type = Start, Acct-Session-Id = "s9", NAS-Port-Id = "p1"'
}

closed() {
  part 'nothing is open to others'
  same 'files that others can read' "$(find "$open/freeradius" -perm /007 ! -type l | wc -l)" 0
  fails 'the secret stands in no file of FreeRADIUS' grep -rqF -- "$secret" "$open/freeradius"
  fails 'nor in the database' eval "pg_dump_all | grep -qF -- \"\$secret\""
  fails 'nor does its beginning' eval "pg_dump_all | grep -qF s3cret"
}
pg_dump_all() { "$(pg_bin)/pg_dump" "host=$(cat "$site/socket") user=postgres dbname=pratique"; }

everything() {
  # A supplicant waits two seconds at first: meanwhile others are looked at.
  place_wire
  odd_characters
  on_a_wire
  judged
  strangers
  accounting
  role
  unwritten
  revoked_elsewhere
  database_away
  closed
}
