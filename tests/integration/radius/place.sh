# What the checks of this folder stand on: a private PostgreSQL with the service's schema, certificates, FreeRADIUS,
# hostapd and wpa_supplicant on a veth pair. Sourced after expect.sh, tools/run/postgres.sh and tests/lab/radius.sh; uses
# $top, $programs and $site.
# $site holds logs and certificates; $open is a folder under /tmp that other users may enter.

nas=127.0.0.1               # from where the switch speaks
door=127.0.0.1              # where FreeRADIUS listens
networks=127.0.0.0/29       # where switches may be
into=()                     # what stands before FreeRADIUS's command
secret="s3cret'with\"odd\\%{chars}"'$HOME`id`' # what a switch may have
switch=0190d0a0-0000-7000-8000-0000000000a1
device=0190d0a0-0000-7000-8000-0000000000d1

sql() { pg_psql "$site" -Atqc "SET search_path = network" -c "$1"; }
as_radius() { PGPASSWORD=$(cat "$site/radius.password") PGOPTIONS='-c search_path=network' "$(pg_bin)/psql" -Atq \
  "host=$(cat "$site/socket") dbname=pratique user=radius" -c "$1"; }

place_database() {
  local file
  export PGDATABASE=postgres
  pg_start "$site" >/dev/null && head -c 18 /dev/urandom | base64 >"$site/radius.password" || return 1
  {
    echo "CREATE ROLE network LOGIN; CREATE ROLE radius LOGIN PASSWORD '$(cat "$site/radius.password")';"
    echo 'CREATE DATABASE pratique;'
    echo '\connect pratique'
    echo 'REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE SCHEMA network AUTHORIZATION network;'
    echo 'SET ROLE network; SET search_path = network; BEGIN;'
    # As the migrator does, but for the tables that libs/pg owns: to SQL those lines are comments.
    for file in "$top"/services/network/storage/migrations/*.sql; do cat "$file"; done
    echo 'COMMIT;'
  } | pg_psql "$site" -q -v ON_ERROR_STOP=1 || return 1
  export PGDATABASE=pratique
}

# One switch with port p1, two segments, one admitted device.
place_rows() {
  local sealed
  sealed=$(printf '%s' "$secret" | "$programs/pratique-radius-secret" seal "$site/radius.keys" $switch) || return 1
  sql "INSERT INTO site VALUES ('0190d0a0-0000-7000-8000-000000000001', 'plant', '', now(), now(), 1);
       INSERT INTO segment VALUES ('0190d0a0-0000-7000-8000-000000000002', 'sensors', '', 42, 'production', now(),
         now(), 1);
       INSERT INTO switch (id, site, name, display_name, kind, settings, nas_address, nas_identifier,
           radius_secret_for_server, enabled, create_time, update_time, version)
         VALUES ('$switch', '0190d0a0-0000-7000-8000-000000000001', 'hall-1', '', 'radius', '{}', '$nas', 'hall-1',
           '\\x$sealed', true, now(), now(), 1);
       INSERT INTO port (id, switch, name, display_name, role, nas_port_id, authenticator, create_time, update_time,
           version)
         VALUES ('0190d0a0-0000-7000-8000-0000000000b1', '$switch', 'p1', '', 'access', '', '', now(), now(), 1);
       INSERT INTO grant_ VALUES ('$device', 'admitted', 'sensors', '00-D0-E5-F2-00-02', now(), 1);
       INSERT INTO credential VALUES ('$(key_id sensor)', '$(serial_of sensor)', '$device', true, '',
         now() + interval '1 year', 1)"
}

# NAME CA [EXTENSIONS]: certs/NAME.{key,pem}, by certs/CA.
certificate() {
  local dir=$site/certs
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/$1.key" -subj "/O=Example Plant/CN=$1" \
    -out "$dir/$1.csr" 2>/dev/null &&
    printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n%b\n' "${3:-extendedKeyUsage=clientAuth}" >"$dir/$1.ext" &&
    openssl x509 -req -in "$dir/$1.csr" -CA "$dir/$2.pem" -CAkey "$dir/$2.key" -days 30 \
      -set_serial "0x00${4:-$(openssl rand -hex 16)}" \
      -extfile "$dir/$1.ext" -out "$dir/$1.pem" 2>/dev/null
}
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/O=Example Plant/CN=$1" \
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$site/certs/$1.key" -out "$site/certs/$1.pem" 2>/dev/null
}
serial_of() { openssl x509 -in "$site/certs/$1.pem" -noout -serial | sed 's/serial=//' | tr A-F a-f | sed -E 's/^(00)+(..)/\2/'; }
key_id() {
  openssl x509 -in "$site/certs/$1.pem" -noout -ext authorityKeyIdentifier | sed -n '2s/[^0-9A-F]//gp' | tr A-F a-f
}

place_certificates() {
  mkdir -p "$site/certs"
  authority issuing && authority foreign &&
    certificate radius issuing 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:radius.plant.example.com' &&
    certificate sensor issuing '' 0a1b2c3d4e5f60718293a4b5c6d7e8f9 &&
    certificate stray issuing && certificate forged foreign
}

# SETTING=VALUE…
place_freeradius() {
  radius_make "$open" "$programs" "database=\"host=$(cat "$site/socket") dbname=pratique user=radius\"" \
    "switches_ipv4=$networks" "listen=$door" session_timeout=600 refusal_delay=0 "$@" || return 1
  local dir=$open/freeradius
  cp "$site/radius.keys" "$dir/secrets/"
  echo "*:*:*:radius:$(cat "$site/radius.password")" >"$dir/secrets/pgpass"
  # The key is encrypted, as on a real server.
  head -c 18 /dev/urandom | base64 >"$site/key.password"
  openssl pkcs8 -topk8 -in "$site/certs/radius.key" -passout "file:$site/key.password" \
    -out "$dir/secrets/server.key" || return 1
  printf 'private_key_password = "%s"\n' "$(cat "$site/key.password")" >"$dir/secrets/tls-key-password.conf"
  cat "$site/certs/radius.pem" >"$dir/certs/server.pem"
  cat "$site/certs/issuing.pem" >"$dir/certs/devices.pem"
  radius_own "$open" && radius_start "$open" ${into[@]+"${into[@]}"}
}

# --- a device on a wire ---------------------------------------------------------------------------------------
place_wire() {
  ip link add port type veth peer name sensor && ip link set port up && ip link set sensor up || return 1
  cat >"$site/hostapd.conf" <<CONF
interface=port
driver=wired
ctrl_interface=$site/hostapd
ieee8021x=1
use_pae_group_addr=1
eapol_version=2
eap_reauth_period=0
own_ip_addr=127.0.0.1
nas_identifier=hall-1
auth_server_addr=127.0.0.1
auth_server_port=1812
auth_server_shared_secret=$secret
acct_server_addr=127.0.0.1
acct_server_port=1813
acct_server_shared_secret=$secret
radius_acct_interim_interval=60
radius_auth_req_attr=87:s:p1
radius_acct_req_attr=87:s:p1
CONF
  hostapd "$site/hostapd.conf" >"$site/log/hostapd.log" 2>&1 </dev/null &
  pids+=($!)
  supplicant_conf sensor wired >"$site/supplicant.conf"
  wpa_supplicant -D wired -i sensor -c "$site/supplicant.conf" >"$site/log/supplicant.log" 2>&1 </dev/null &
  pids+=($!)
}
# CERTIFICATE [wired] [IDENTITY]
supplicant_conf() {
  printf 'ctrl_interface=%s\nap_scan=0\n' "$site/supplicant"
  printf 'network={\n key_mgmt=IEEE8021X\n eap=TLS\n eapol_flags=0\n identity=%s\n' "${3:-\"$1\"}"
  printf ' ca_cert="%s"\n domain_match="radius.plant.example.com"\n' "$site/certs/issuing.pem"
  printf ' client_cert="%s"\n private_key="%s"\n}\n' "$site/certs/$1.pem" "$site/certs/$1.key"
}
supplicant_cli() { wpa_cli -p "$site/supplicant" -i sensor "$@"; }
# COMMAND…: until it succeeds, 15 s at most.
soon() {
  local turns=150
  until "$@" >/dev/null 2>&1; do
    turns=$((turns - 1))
    [ $turns -gt 0 ] || return 1
    sleep 0.1
  done
}
state_is() { supplicant_cli status | grep -q "^$1=$2\$"; }

# CERTIFICATE [MAC] [IDENTITY]: one exchange by eapol_test; its answer in $site/out/eapol. Succeeds if accepted.
logon() {
  supplicant_conf "$1" eapol "${3:-}" | sed '/^ctrl_interface\|^ap_scan/d' >"$site/eapol.conf"
  timeout "${patience:-12}" eapol_test -c "$site/eapol.conf" -a 127.0.0.1 -s "$secret" -t 5 \
    -M "${2:-02:00:00:00:00:0e}" -N 87:s:p1 \
    -N 32:s:hall-1 >"$site/out/eapol" 2>&1
}
