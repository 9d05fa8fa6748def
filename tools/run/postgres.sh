#!/usr/bin/env bash
# A private PostgreSQL cluster in a folder: no port, no system service, nothing left behind.
#
#   postgres.sh start DIR      make it on first use, start it, print its conninfo; harmless if it runs already
#   postgres.sh stop DIR       stop it and remove its socket folder; harmless if it does not run
#   postgres.sh kill9 DIR      SIGKILL the server and all its processes (fault tests)
#   postgres.sh status DIR     say whether it runs; exit 0 if so, 3 if not
#   postgres.sh conninfo DIR   the superuser's conninfo
#   postgres.sh follow DIR PID when process PID has ended, stop it and remove DIR; returns at once (tests)
#   postgres.sh psql DIR …     psql as superuser; further arguments are psql's
#
# Data is in DIR/db, the log in DIR/postgres.log, the name of the socket folder in DIR/socket (a socket's path may
# have 107 bytes at most, so it lives under /tmp). root, postgres and whoever made the cluster are superusers by the
# kernel's word (peer); all others need a scram-sha-256 password. As root the server runs as user postgres, with
# CAP_DAC_OVERRIDE where possible so that a checkout under a closed folder works.
# PRATIQUE_PG_FAST=1 at start: no fsync, for tests; data survives a kill -9, not a power failure.
#
# ./run and the tests source this file or call it; sourcing defines pg_* functions only.

pg_say() { echo "postgres: $*" >&2; }
pg_fail() { pg_say "$*"; return 1; }

# The folder of PostgreSQL's programs: version 15 if there is one, else the newest.
pg_bin() {
  local folder=/usr/lib/postgresql/15/bin
  [ -x $folder/pg_ctl ] || folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
  [ -x "$folder/pg_ctl" ] || { pg_fail "no server under /usr/lib/postgresql (Debian: postgresql-15)"; return 1; }
  echo "$folder"
}

# The user that the server runs as.
pg_owner() { if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi; }

# Runs a command as that user.
pg_as_owner() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  local drop=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  local reach=(--inh-caps=+dac_override --ambient-caps=+dac_override)
  if "${drop[@]}" "${reach[@]}" true 2>/dev/null; then drop+=("${reach[@]}"); fi
  (cd / && "${drop[@]}" "$@")
}

# The server's process id, if it lives. A number in postmaster.pid may have gone to somebody else after a kill -9.
pg_pid() {
  local dir=$1 pid home
  [ -r "$dir/db/postmaster.pid" ] || return 1
  read -r pid <"$dir/db/postmaster.pid" || return 1
  [ -d "/proc/$pid" ] || return 1
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || return 1
  case $(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null) in Z | X | '') return 1 ;; esac
  if home=$(readlink "/proc/$pid/cwd" 2>/dev/null) && [ "$home" != "$(readlink -f "$dir/db")" ]; then return 1; fi
  echo "$pid"
}

# Processes that work in the data folder; those of a killed server may live on for a moment.
pg_processes() {
  local home link
  home=$(readlink -f "$1/db")
  for link in /proc/[0-9]*/cwd; do
    [ "$(readlink "$link" 2>/dev/null)" = "$home" ] || continue
    link=${link#/proc/}
    [ "$(cat "/proc/${link%/cwd}/comm" 2>/dev/null)" = postgres ] && echo "${link%/cwd}"
  done
  return 0
}

pg_await_silence() {
  local dir=$1 turns=100
  while [ -n "$(pg_processes "$dir")" ]; do
    turns=$((turns - 1))
    [ $turns -gt 0 ] ||
      { pg_fail "the server is gone, but processes $(pg_processes "$dir" | tr '\n' ' ')still use $dir/db"; return 1; }
    sleep 0.1
  done
}

# DIR/socket names a folder that exists and is ours; makes one if not. Prints it.
pg_socket_folder() {
  local dir=$1 socket=
  [ -r "$dir/socket" ] && read -r socket <"$dir/socket"
  if [ -z "$socket" ] || [ -L "$socket" ] || [ "$(stat -c %U "$socket" 2>/dev/null)" != "$(pg_owner)" ]; then
    socket=$(mktemp -d /tmp/pq.XXXXXX) || return 1
    chmod 0711 "$socket"
    [ "$(id -u)" != 0 ] || chown postgres "$socket"
    echo "$socket" >"$dir/socket"
  fi
  echo "$socket"
}

pg_make() {
  local dir=$1 bin=$2 who sync=()
  [ "${PRATIQUE_PG_FAST:-}" != 1 ] || sync=(--no-sync)
  rm -rf "$dir/db.new"
  mkdir -m 0700 "$dir/db.new" || return 1
  [ "$(id -u)" != 0 ] || chown postgres: "$dir/db.new"
  if ! pg_as_owner "$bin/initdb" -D "$dir/db.new" -U postgres --auth-local=peer --auth-host=reject -E UTF8 \
    --locale=C.UTF-8 -k "${sync[@]}" >"$dir/initdb.log" 2>&1; then
    pg_fail "initdb failed; see $dir/initdb.log"
    return 1
  fi
  pg_as_owner tee "$dir/db.new/pg_hba.conf" >/dev/null <<'HBA'
local all         postgres peer map=admin
local all         all      scram-sha-256
local replication all      scram-sha-256
HBA
  for who in $(printf '%s\n' root postgres "$(id -un)" | sort -u); do echo "admin $who postgres"; done |
    pg_as_owner tee "$dir/db.new/pg_ident.conf" >/dev/null
  echo "include 'pratique.conf'" | pg_as_owner tee -a "$dir/db.new/postgresql.conf" >/dev/null
  # Only a finished cluster gets the final name: an interrupted first start is begun anew.
  mv "$dir/db.new" "$dir/db"
}

pg_configure() {
  local dir=$1 socket=$2
  {
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$socket'"
    echo "max_connections = 200"
    echo "password_encryption = 'scram-sha-256'"
    echo "timezone = 'UTC'"
    echo "log_timezone = 'UTC'"
    echo "log_lock_waits = on"
    echo "log_line_prefix = '%m [%p] %q%u@%d %a '"
    [ "${PRATIQUE_PG_FAST:-}" != 1 ] || printf '%s = off\n' fsync full_page_writes
  } | pg_as_owner tee "$dir/db/pratique.conf" >/dev/null
}

pg_conninfo() {
  local socket
  read -r socket 2>/dev/null <"$1/socket" || { pg_fail "$1 holds no started cluster"; return 1; }
  echo "host=$socket user=postgres dbname=postgres"
}

pg_start_locked() {
  local dir=$1 bin socket
  if pg_pid "$dir" >/dev/null; then pg_conninfo "$dir"; return; fi
  bin=$(pg_bin) || return 1
  if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
    pg_fail "there is no user postgres to run the server as"
    return 1
  fi
  if [ ! -e "$dir/db/PG_VERSION" ]; then pg_make "$dir" "$bin" || return 1; fi
  # Left by a kill -9: safe to remove once nobody works in the folder.
  if [ -e "$dir/db/postmaster.pid" ]; then
    pg_await_silence "$dir" || return 1
    rm -f "$dir/db/postmaster.pid"
  fi
  socket=$(pg_socket_folder "$dir") || return 1
  rm -f "$socket"/.s.PGSQL.*
  pg_configure "$dir" "$socket" || return 1
  if ! pg_as_owner "$bin/pg_ctl" -D "$dir/db" -l "$dir/postgres.log" -w -t 60 start >/dev/null 2>&1 </dev/null; then
    rm -rf "$socket" "$dir/socket"
    pg_fail "the server did not start; see $dir/postgres.log"
    return 1
  fi
  pg_conninfo "$dir"
}

pg_start() {
  mkdir -p "$1" || return 1
  # Two starts at once: one works, the other waits. The server must not inherit the lock.
  (flock 9 && pg_start_locked "$1" 9>&-) 9>"$1/lock"
}

pg_stop() {
  local dir=$1 bin socket
  if pg_pid "$dir" >/dev/null; then
    bin=$(pg_bin) || return 1
    pg_as_owner "$bin/pg_ctl" -D "$dir/db" -m fast -w -t 60 stop >/dev/null 2>&1 </dev/null ||
      { pg_fail "the server did not stop within a minute; see $dir/postgres.log"; return 1; }
  fi
  if [ -r "$dir/socket" ] && read -r socket <"$dir/socket" && [[ $socket == /tmp/pq.* ]]; then rm -rf "$socket"; fi
  rm -f "$dir/socket"
}

pg_kill9() {
  local dir=$1 pid children
  pid=$(pg_pid "$dir") || { pg_fail "no server runs in $dir"; return 1; }
  # Stopped first, so that it starts no new process while its old ones are counted.
  kill -STOP "$pid"
  children=$(awk -v parent="$pid" '$1 == "PPid:" && $2 == parent { split(FILENAME, part, "/"); print part[3] }' \
    /proc/[0-9]*/status 2>/dev/null)
  # shellcheck disable=SC2086 # a list of numbers
  kill -KILL "$pid" $children 2>/dev/null
  pg_await_silence "$dir"
}

pg_status() {
  local dir=$1 pid
  if pid=$(pg_pid "$dir"); then
    echo "running, process $pid, $(pg_conninfo "$dir"), log $dir/postgres.log"
  else
    echo "not running"
    return 3
  fi
}

# Does its work in a session of its own, so that it outlives a crash or a Ctrl-C of whom it follows.
pg_follow() {
  # shellcheck disable=SC2016 # the inner shell's own arguments
  setsid bash -c '. "$1"; tail --pid="$3" -s 0.3 -f /dev/null; [ ! -d "$2" ] || { pg_stop "$2"; rm -rf "$2"; }' \
    follow "$(readlink -f "${BASH_SOURCE[0]}")" "$1" "$2" >/dev/null 2>&1 </dev/null &
}

pg_psql() {
  local dir=$1 socket
  shift
  pg_pid "$dir" >/dev/null || { pg_fail "no server runs in $dir"; return 1; }
  read -r socket <"$dir/socket"
  PGHOST=$socket PGUSER=postgres PGDATABASE=${PGDATABASE:-postgres} "$(pg_bin)/psql" "$@"
}

pg_main() {
  local verb=${1:-} dir=${2:-}
  if [ -z "$dir" ]; then
    sed -n 's/^#   \(postgres.sh .*\)/  \1/p' "${BASH_SOURCE[0]}" >&2
    return 2
  fi
  shift 2
  case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
  case $verb in
    start | stop | kill9 | status | conninfo) "pg_$verb" "$dir" ;;
    follow)
      [[ ${1:-} =~ ^[0-9]+$ ]] || { pg_fail "follow wants the number of a process"; return 2; }
      pg_follow "$dir" "$1"
      ;;
    psql) pg_psql "$dir" "$@" ;;
    *) pg_fail "unknown verb '$verb' (start, stop, kill9, status, conninfo, follow, psql)"; return 2 ;;
  esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -uo pipefail
  pg_main "$@"
fi
