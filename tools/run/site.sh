#!/usr/bin/env bash
# One site on one machine: its keys, its database, its services as separate processes. The demo and the end-to-end tests
# stand on it.
#
#   site.sh down DIR     end everything that runs in DIR's site and take its network away; harmless if nothing runs
#   site.sh status DIR   what runs
#
# Everything that the site needs lies in DIR: keys/ (pratique-pki), etc/ (configurations), db/ (PostgreSQL), log/, run/
# (process ids). The places where programs run are those of tests/lab. Sourcing defines site_* functions; they
# begin with `site_use DIR PROGRAMS` (absolute; PROGRAMS is the folder of the built programs). File descriptors 7 and 8 are
# the caller's own: nothing that is started here keeps them open.
#
# The processes, by name: registrar-1 registrar-2 onboarding-1 onboarding-2 network-1 network-2 join-proxy; onboarding-3
# and join-proxy-2 are a second way in that hands on a manufacturer's voucher unjudged (brski.voucher_check: record).
# Where the lab has its switch (switch.sh): FreeRADIUS, and join-proxy-3, by which devices in production renew.

site_tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/run/postgres.sh
. "$site_tools/postgres.sh"
# The network's name follows from the site's folder, so that a demo and a test beside it do not meet.
site_use() {
  site=$1 programs=${2:-}
  PRATIQUE_LAB=pq-$(printf '%s' "$site" | sha256sum | cut -c1-8)
  export PRATIQUE_LAB
  # shellcheck source=tests/lab/lab.sh
  . "$site_tools/../../tests/lab/lab.sh"
  # shellcheck source=tests/lab/radius.sh
  . "$site_tools/../../tests/lab/radius.sh"
}
# shellcheck source=tools/run/site_switch.sh
. "$site_tools/site_switch.sh"

site_say() { echo "site: $*" >&2; }
site_fail() { site_say "$*"; return 1; }

site_trust_domain=plant.example.com
site_services='registrar onboarding network'
site_replicas='registrar-1 registrar-2 onboarding-1 onboarding-2 network-1 network-2'
site_all="$site_replicas onboarding-3 join-proxy join-proxy-2"

# --- keys and database --------------------------------------------------------------------------------------
site_keys() {
  local name pki=$programs/pratique-pki dir=$site/keys
  "$pki" init --dir "$dir" --trust-domain $site_trust_domain --organization "Example Plant"
  for name in $site_replicas onboarding-3; do "$pki" service --dir "$dir" --name "$name" || return 1; done
  for name in onboarding-1 onboarding-2 onboarding-3; do "$pki" ra --dir "$dir" --name "$name" || return 1; done
  for name in ada ben; do "$pki" operator --dir "$dir" --name "$name" || return 1; done
  for name in $site_services radius; do "$pki" database --dir "$dir" --role "$name" || return 1; done
  "$pki" radius --dir "$dir" --name radius-1 || return 1
  # What opens the switches' RADIUS secrets: FreeRADIUS has the same file.
  (umask 077 && "$programs/pratique-radius-secret" key radius-1 >"$dir/secrets/radius.keys")
}

site_postgres() { pg_start "$site" 7>&- 8>&-; }

site_database() {
  local name password
  site_postgres || return 1
  if [ "$(pg_psql "$site" -Atqc "SELECT count(*) FROM pg_database WHERE datname = 'pratique'")" != 0 ]; then return; fi
  # Passwords go in by standard input, so that they stand in no process list.
  {
    for name in $site_services radius; do
      read -r password <"$site/keys/secrets/database-$name.password" || [ -n "$password" ] || return 1
      echo "CREATE ROLE $name LOGIN PASSWORD '$password';"
    done
    echo 'CREATE DATABASE pratique;'
    echo '\connect pratique'
    echo 'REVOKE ALL ON SCHEMA public FROM PUBLIC;'
    for name in $site_services; do echo "CREATE SCHEMA $name AUTHORIZATION $name;"; done
  } | pg_psql "$site" -q -v ON_ERROR_STOP=1
}

# --- configurations -----------------------------------------------------------------------------------------
# NAME -> what tells the replicas of one service apart.
site_rpc_port() { case $1 in registrar-1) echo 7001 ;; registrar-2) echo 7002 ;; onboarding-1) echo 7011 ;; onboarding-2) echo 7012 ;; onboarding-3) echo 7013 ;; network-1) echo 7021 ;; network-2) echo 7022 ;; esac; }
site_metrics_port() { case $1 in join-proxy) echo 9021 ;; join-proxy-2) echo 9022 ;; join-proxy-3) echo 9023 ;; *) echo $(($(site_rpc_port "$1") + 2000)) ;; esac; }
site_door_port() { case $1 in onboarding-1) echo 8443 ;; onboarding-2) echo 8444 ;; onboarding-3) echo 8445 ;; join-proxy | join-proxy-3) echo 8443 ;; join-proxy-2) echo 8446 ;; esac; }
site_revocation_port() { case $1 in registrar-1) echo 8081 ;; registrar-2) echo 8082 ;; esac; }
site_place() { case $1 in join-proxy-3) echo production ;; join-proxy*) echo proxy ;; masa*) echo maker ;; tcp-*) echo "${1#tcp-}" ;; stream-*) echo "station-${1#stream-}" ;; *) echo server ;; esac; }
# Where a process is reached from within its own place.
site_inside() { if lab_stands; then echo 127.0.0.1; else lab_address "$1" "$(case $1 in maker) echo L3 ;; *) echo L2 ;; esac)"; fi; }

site_common() {
  local name=$1 service=${1%-*} inside
  inside=$(site_inside server)
  cat <<YAML
process:
  metrics: $inside:$(site_metrics_port "$name")
  pseudonym_key: $site/keys/secrets/pseudonym.key
  stop_grace: 0s
database:
  conninfo: host=$(cat "$site/socket") dbname=pratique user=$service
  password: $site/keys/secrets/database-$service.password
master_keys: $site/keys/secrets/master.keys
page_token_key: $site/keys/secrets/page-tokens.key
rpc:
  listen: $inside:$(site_rpc_port "$name")
  tls:
    certificate: $site/keys/services/$name/tls.crt
    key: $site/keys/services/$name/tls.key
    key_passphrase: $site/keys/services/$name/tls.pass
    trust_anchors: $site/keys/service-ca/ca.crt
  trust:
    trust_domain: $site_trust_domain
    operators: {ada: admin, ben: operator}
YAML
}

site_onboarding() {
  local name=$1 announce='[]' check=enforce
  if [ "$name" = onboarding-3 ]; then check=record; elif lab_stands; then announce="[$(lab_interface server L2)]"; fi
  site_common "$name"
  cat <<YAML
replica: $name
location: hall-1
registrar:
  addresses: [$(site_inside server):$(site_rpc_port registrar-1), $(site_inside server):$(site_rpc_port registrar-2)]
devices:
  listen: $(lab_address server L2):$(site_door_port "$name")
  identity:
    certificate: $site/keys/ra/$name/tls.crt
    key: $site/keys/ra/$name/tls.key
    key_passphrase: $site/keys/ra/$name/tls.pass
  announce_on: $announce
brski:
  voucher_check: $check
YAML
}

site_registrar() {
  site_common "$1"
  cat <<YAML
authority:
  certificates: $site/keys/domain-ca/issuing.crt
  key: $site/keys/domain-ca/issuing.key
  key_passphrase: $site/keys/domain-ca/issuing.pass
revocation:
  listen: $(site_inside server):$(site_revocation_port "$1")
  public_url: http://$(site_inside server):$(site_revocation_port registrar-1)
YAML
}

site_network() {
  site_common "$1"
  cat <<YAML
replica: $1
radius_keys: $site/keys/secrets/radius.keys
registrar:
  addresses: [$(site_inside server):$(site_rpc_port registrar-1), $(site_inside server):$(site_rpc_port registrar-2)]
YAML
}

site_configurations() {
  local name
  for name in registrar-1 registrar-2; do site_registrar "$name" >"$site/etc/$name.yaml" || return 1; done
  for name in onboarding-1 onboarding-2 onboarding-3; do
    site_onboarding "$name" >"$site/etc/$name.yaml" || return 1
  done
  for name in network-1 network-2; do site_network "$name" >"$site/etc/$name.yaml" || return 1; done
  for name in join-proxy join-proxy-2; do site_join_proxy "$name" >"$site/etc/$name.yaml" || return 1; done
  for name in $site_all; do
    "$programs/$(site_program "$name")" --config "$site/etc/$name.yaml" --check-config || return 1
  done
}

site_join_proxy() {
  local name=$1 inside listen announce
  inside=$(site_inside "$(site_place "$name")")
  listen=$(if lab_stands; then echo '[::]'; else lab_address proxy L1; fi)
  announce="$(lab_interface proxy L1)$(if lab_switch_stands; then echo ', eth-switch'; fi)"
  cat <<YAML
process:
  metrics: $inside:$(site_metrics_port "$name")
  pseudonym_key: $site/keys/secrets/pseudonym.key
  stop_grace: 0s
listen: '$listen:$(site_door_port "$name")'
drain: 1s
YAML
  if [ "$name" = join-proxy-2 ]; then
    echo "upstreams: ['$(lab_address server L2):$(site_door_port onboarding-3)']"
  elif [ "$name" = join-proxy-3 ]; then
    echo "upstreams: ['$(lab_address server L2):8443', '$(lab_address server L2):8444']"
  elif lab_stands; then
    printf 'discover: true\ndiscover_on: [%s]\ndiscover_every: 1s\nannounce_on: [%s]\nname: Hall 1\n' \
      "$(lab_interface proxy L2)" "$announce"
  else
    echo "upstreams: ['$(lab_address server L2):8443', '$(lab_address server L2):8444']"
  fi
}

# --- processes ----------------------------------------------------------------------------------------------
site_program() { case $1 in registrar-*) echo registrar ;; onboarding-*) echo onboarding ;; network-*) echo network ;; join-proxy*) echo join_proxy ;; masa*) echo pratique-factory ;; esac; }

# The process id of NAME, if it lives; a number that went to somebody else meanwhile does not count.
site_pid() {
  local pid began
  read -r pid began 2>/dev/null <"$site/run/$1.pid" || return 1
  [ "$(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)" = "$began" ] || return 1
  echo "$pid"
}

# site_run NAME COMMAND…: in NAME's place, output to its log.
site_run() {
  local name=$1 pid lab_into
  shift
  if site_pid "$name" >/dev/null; then return 0; fi
  lab_enter "$(site_place "$name")" || return 1
  # A session of its own: a Ctrl-C at the terminal is for whoever started it, who then stops it in order.
  setsid "${lab_into[@]}" "$@" >>"$site/log/$name.log" 2>&1 </dev/null 7>&- 8>&- &
  pid=$!
  disown "$pid"
  echo "$pid $(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)" >"$site/run/$name.pid"
}
site_start() {
  local name
  for name in "$@"; do site_run "$name" "$programs/$(site_program "$name")" --config "$site/etc/$name.yaml" || return 1; done
}

# Until each is ready, as its own /readyz says.
site_await() {
  local name inside deadline=$((SECONDS + 30))
  for name in "$@"; do
    inside=$(site_inside "$(site_place "$name")")
    until lab_exec "$(site_place "$name")" curl -sf -m 2 -o /dev/null "http://$inside:$(site_metrics_port "$name")/readyz"; do
      site_pid "$name" >/dev/null || { site_fail "$name ended: $(tail -n 1 "$site/log/$name.log")"; return 1; }
      [ $SECONDS -lt $deadline ] || { site_fail "$name is not ready within 30 s; see $site/log/$name.log"; return 1; }
      sleep 0.05
    done
  done
}

# site_signal SIGNAL NAME…, then waits until they are gone; KILL for those that stay.
site_signal() {
  local signal=$1 name pid turns=200
  shift
  for name in "$@"; do if pid=$(site_pid "$name"); then kill -"$signal" "$pid" 2>/dev/null; fi; done
  for name in "$@"; do
    while pid=$(site_pid "$name"); do
      turns=$((turns - 1))
      [ $turns -gt 0 ] || { site_say "$name does not end: killing it"; kill -KILL "$pid" 2>/dev/null; }
      sleep 0.05
    done
    rm -f "$site/run/$name.pid"
  done
}
site_stop() { site_signal TERM "$@"; }
site_kill9() { site_signal KILL "$@"; }
site_running() {
  local file name
  for file in "$site"/run/*.pid; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .pid)
    if site_pid "$name" >/dev/null; then echo "$name"; fi
  done
}

# Doors first, the database last.
site_down() {
  local rc=0 name names=''
  for name in $(site_running); do names="$name $names"; done
  # shellcheck disable=SC2086 # a list of names
  site_stop $names || rc=1
  site_switch_down || rc=1
  [ ! -d "$site/db" ] || pg_stop "$site" || rc=1
  lab_down || rc=1
  return $rc
}

site_status() {
  local name
  for name in $(site_running); do echo "$name: process $(site_pid "$name"), log $site/log/$name.log"; done
  pg_status "$site"
  lab_status
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -uo pipefail
  [ $# -eq 2 ] || { sed -n 's/^#   \(site.sh .*\)/  \1/p' "${BASH_SOURCE[0]}" >&2; exit 2; }
  [ -d "$2" ] || { [ "$1" = down ] && exit 0; site_fail "there is no folder $2"; exit 1; }
  site_use "$(cd "$2" && pwd)"
  case $1 in down | status) "site_$1" ;; *) site_fail "unknown verb '$1'"; exit 2 ;; esac
fi
