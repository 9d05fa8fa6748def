# shellcheck shell=bash disable=SC2154
# What a site has where its lab has a switch (tests/lab/switch.sh): FreeRADIUS, and ends of connections to try ports
# with. Sourced by site.sh.
#
# FreeRADIUS runs as a user of its own, so its folder stands outside of the site's, which is closed to others. What
# devices hand to their supplicants stands in memory.

site_radius_folder() { echo "/tmp/$PRATIQUE_LAB-radius"; }
site_memory() { echo "/dev/shm/$PRATIQUE_LAB"; }

site_radius_make() {
  local dir keys=$site/keys/radius/radius-1
  dir=$(site_radius_folder)
  rm -rf "$dir" && mkdir -m 0711 "$dir" || return 1
  radius_make "$dir" "$programs" "database=\"host=$(cat "$site/socket") dbname=pratique user=radius\"" \
    switches_ipv4=10.71.6.0/24 listen=10.71.6.1 || return 1
  dir=$dir/freeradius
  cp "$site/keys/secrets/radius.keys" "$dir/secrets/" && cp "$keys/tls.key" "$dir/secrets/server.key" &&
    cp "$keys/tls.crt" "$dir/certs/server.pem" && cp "$site/keys/domain-ca/issuing.crt" "$dir/certs/devices.pem" ||
    return 1
  # A key's passphrase and a database's password are one line each.
  (
    umask 077
    printf 'private_key_password = "%s"\n' "$(cat "$keys/tls.pass")" >"$dir/secrets/tls-key-password.conf"
    printf '*:*:*:radius:%s\n' "$(cat "$site/keys/secrets/database-radius.password")" >"$dir/secrets/pgpass"
  ) && radius_own "$(site_radius_folder)"
}

site_radius_start() {
  local lab_into
  lab_enter server && radius_start "$(site_radius_folder)" "${lab_into[@]}"
}

# PLACE PORT: something that listens there and notes in log/tcp-PLACE.log what arrives.
site_listen() { site_run "tcp-$1" "$site_tools/../../tests/lab/tcp.py" serve "$2" "$site/log/arrived-$1.log"; }

# N ADDRESS PORT: station-N keeps a connection there, and sends.
site_stream() { site_run "stream-$1" "$site_tools/../../tests/lab/tcp.py" stream "$2" "$3"; }

# Ends, and leaves nothing.
site_switch_down() {
  local dir
  dir=$(site_radius_folder)
  if [ -d "$dir" ]; then
    radius_stop "$dir"
    cp "$dir"/freeradius/log/* "$site/log/" 2>/dev/null
    rm -rf "$dir"
  fi
  if lab_switch_stands; then cp "$(lab_switch_folder)"/log/* "$site/log/" 2>/dev/null; fi
  rm -rf "$(site_memory)"
}
