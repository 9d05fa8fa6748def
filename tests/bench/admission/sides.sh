# The two doors that are measured, and who knocks. Sourced after tests/integration/radius/place.sh, whose database,
# certificates and FreeRADIUS (deploy/freeradius, as shipped) are the one side. The other is FreeRADIUS alone: the same
# radiusd.conf, the same EAP-TLS settings and certificates, users and clients in files, accounting into a file.

secret=bench-secret-of-a-switch
still=$open/static          # the folder of FreeRADIUS alone
port_of_ours=1812 port_of_static=1822
station=02:00:00:00:00:0e

# What a site of some size has in its tables: 2 000 switches of 24 ports, 100 000 devices with a certificate each.
place_crowd() {
  sql "INSERT INTO switch (id, site, name, display_name, kind, settings, nas_address, nas_identifier, enabled,
           create_time, update_time, version)
         SELECT gen_random_uuid(), (SELECT id FROM site), 'crowd-' || n, '', 'radius', '{}', '10.0.0.0'::inet + n,
           'crowd-' || n, true, now(), now(), 1 FROM generate_series(1, 2000) n;
       INSERT INTO port (id, switch, name, display_name, role, nas_port_id, authenticator, create_time, update_time,
           version)
         SELECT gen_random_uuid(), s.id, 'p' || n, '', 'access', '', '', now(), now(), 1
         FROM switch s, generate_series(1, 24) n WHERE s.name LIKE 'crowd-%';
       INSERT INTO grant_ SELECT gen_random_uuid(), 'admitted', 'sensors', 'CROWD-' || n, now(), 1
         FROM generate_series(1, 100000) n;
       INSERT INTO credential SELECT 'aabbcc', to_hex(268435456 + row_number() OVER ()), device, true, '',
         now() + interval '1 year', 1 FROM grant_ WHERE serial_number LIKE 'CROWD-%'" &&
    pg_psql "$site" -q -c 'VACUUM (ANALYZE)' -c CHECKPOINT
}

place_static() {
  local dir=$still/freeradius n
  radius_make "$still" "$programs" "listen=$door" "authentication_port=$port_of_static" \
    "accounting_port=$((port_of_static + 1))" session_timeout=600 refusal_delay=0 || return 1
  cp -R "$open/freeradius/certs/." "$dir/certs/" || return 1
  cp "$open"/freeradius/secrets/{server.key,tls-key-password.conf} "$dir/secrets/" || return 1
  rm "$dir"/mods-enabled/{sql,exec} "$dir"/sites-enabled/*
  sed -i '/virtual_server = check-eap-tls/d' "$dir/mods-enabled/eap"
  cat >"$dir/clients.conf" <<CONF
client hall-1 {
	ipaddr = $nas
	secret = $secret
	require_message_authenticator = yes
}
CONF
  # As many users as a file that somebody keeps by hand may have.
  {
    for n in sensor {1..500}; do
      printf '%s\n\tTunnel-Type = VLAN, Tunnel-Medium-Type = IEEE-802, Tunnel-Private-Group-Id = "42",\n' "$n"
      printf '\tClass = "%s", Session-Timeout = 600, Termination-Action = RADIUS-Request\n' "$device"
    done
  } >"$dir/users"
  printf 'files {\n\tpostauth_usersfile = ${confdir}/users\n}\n' >"$dir/mods-enabled/files"
  printf 'detail {\n\tfilename = ${logdir}/detail\n\tpermissions = 0600\n}\n' >"$dir/mods-enabled/detail"
  cat >"$dir/sites-enabled/static" <<'CONF'
server static {
listen {
	type = auth
	ipaddr = ${pratique.listen}
	port = ${pratique.authentication_port}
}
listen {
	type = acct
	ipaddr = ${pratique.listen}
	port = ${pratique.accounting_port}
}
authorize {
	if (!&EAP-Message) {
		reject
	}
	eap
}
authenticate {
	eap
}
post-auth {
	files
}
accounting {
	detail
}
}
CONF
  radius_own "$still" && radius_start "$still"
}

# SIDE: CPU seconds that it has used so far: FreeRADIUS with what it started, and on our side all of PostgreSQL. Two
# words: FreeRADIUS, PostgreSQL.
cpu_of() {
  local dir=$open postgres=''
  if [ "$1" = static ]; then dir=$still; else postgres=$(pg_processes "$site"); fi
  # utime, stime and, of children that ended, cutime, cstime. The name in the second field holds no space here.
  # shellcheck disable=SC2086 # a list of numbers
  echo "$(seconds_of "$(radius_pid "$dir")") $(seconds_of $postgres)"
}
# By the processes' own clocks, in nanoseconds; of children that ended, in ticks.
seconds_of() {
  python3 - "$@" <<'PY'
import os, sys, time
total = 0.0
for pid in sys.argv[1:]:
    try:
        total += time.clock_gettime(~int(pid) << 3 | 2)  # CPUCLOCK_SCHED of a process: clock_getcpuclockid(3)
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        total += (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        pass  # it has ended
print(f"{total:.6f}")
PY
}

# SIDE COUNT AT_A_TIME: so many full EAP-TLS exchanges by eapol_test. Fails if one is refused.
knock() {
  local port=port_of_$1 each=$(($2 / $3)) n jobs=() rc=0
  for ((n = 1; n <= $3; n++)); do
    eapol_test -c "$site/eapol.conf" -a $door -p "${!port}" -s "$secret" -t 300 -r $((each - 1)) \
      -M "02:00:00:00:01:0$n" -N 87:s:p1 -N 32:s:hall-1 >"$site/out/knock-$1-$n" 2>&1 &
    jobs+=($!)
  done
  for n in "${jobs[@]}"; do wait "$n" || rc=1; done
  [ $rc -eq 0 ] || { echo "$1: an exchange was refused; see $site/out/knock-$1-*" >&2; return 1; }
}

# SIDE COUNT LABEL: accounting of so many sessions, start and stop of each. Fails if one is not answered.
account_all() {
  local port=port_of_$1 n what lost
  for ((n = 1; n <= $2; n++)); do
    for what in Start Stop; do
      printf 'Acct-Status-Type = %s, Acct-Session-Id = "%s-%d", Class = "%s", ' $what "$3" "$n" "$device"
      printf 'NAS-Identifier = hall-1, NAS-Port-Id = p1, User-Name = sensor, '
      printf 'Calling-Station-Id = 02-00-00-00-00-0E, Acct-Input-Octets = 7, Acct-Output-Octets = 9\n\n'
    done
  done >"$site/out/accounting"
  radclient -q -s -r 5 -t 2 -p 4 -f "$site/out/accounting" "$door:$((${!port} + 1))" acct "$secret" \
    >"$site/out/acct-$1" 2>&1
  lost=$(sed -n 's/.*Lost *: *//p' "$site/out/acct-$1")
  [ "$lost" = 0 ] || { echo "$1: accounting was not answered: $(tail -n 3 "$site/out/acct-$1")" >&2; return 1; }
}

# The accepts of the measurement become last words, as `network` does it: in batches of 128. The longest part of what it
# does with a report that a RADIUS server could do as well.
hand_on() {
  sql "DO \$\$ BEGIN
    FOR batch IN 0..(SELECT max(id) / 128 FROM radius_report) LOOP
      PERFORM radius_word('accept', '', '', c.device, t.given_vlan, t.nas_address, t.nas_identifier, t.nas_port_id,
          t.calling_station_id, t.user_name, t.certificate_serial, t.authority_key_id, t.at)
        FROM radius_report t LEFT JOIN credential c
          ON c.serial = t.certificate_serial AND c.authority_key_id = t.authority_key_id
        WHERE t.kind = 'accept' AND t.id >= batch * 128 AND t.id < (batch + 1) * 128;
      COMMIT;
    END LOOP; END \$\$"
}
