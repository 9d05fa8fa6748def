# FreeRADIUS with the configuration of deploy/freeradius, in a folder of its own. Sourced; by tests and by lab.sh.
#
#   radius_make DIR PROGRAMS [SETTING=VALUE]…   DIR/freeradius, from deploy/freeradius with these lines of pratique.conf
#   radius_start DIR [COMMAND…]                 starts it, behind COMMAND (nsenter …); returns when it is ready
#   radius_stop DIR    radius_kill9 DIR         end it; harmless if it does not run
#   radius_pid DIR                              its process id, if it lives
#
# DIR must be one that user freerad may enter, as root runs it as that user. Log: DIR/freeradius/log/radius.log. What the
# caller puts into DIR/freeradius before the start: secrets/{radius.keys,pgpass,server.key[,tls-key-password.conf]},
# certs/{server.pem,devices.pem}; then radius_own DIR gives all of it to that user.

radius_tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
radius_say() { echo "radius: $*" >&2; }
radius_owner() { if [ "$(id -u)" = 0 ]; then echo freerad; else id -un; fi; }

radius_make() {
  local dir=$1/freeradius programs=$2 setting
  shift 2
  mkdir -p "$dir" && cp -R "$radius_tools/../../deploy/freeradius/." "$dir" || return 1
  mkdir -p "$dir"/{secrets,certs,log,run} && install -m 0755 "$programs/pratique-radius-secret" "$dir/" || return 1
  for setting in "user=$(radius_owner)" "group=$(id -gn "$(radius_owner)")" "logs=$dir/log" "run=$dir/run" \
    "radius_secret=$dir/pratique-radius-secret" "$@"; do
    radius_set "$dir/pratique.conf" "${setting%%=*}" "${setting#*=}" || return 1
  done
}

# FILE SETTING VALUE
radius_set() {
  grep -qE "^[[:space:]]*$2 =" "$1" || { radius_say "pratique.conf has no setting '$2'"; return 1; }
  awk -v name="$2" -v value="$3" '$1 == name && $2 == "=" { print "\t" name " = " value; next } { print }' "$1" >"$1.new" &&
    mv "$1.new" "$1"
}

radius_own() {
  chmod -R u=rwX,go= "$1/freeradius" || return 1
  [ "$(id -u)" != 0 ] || chown -R freerad: "$1/freeradius"
}

radius_pid() {
  local pid began
  read -r pid began 2>/dev/null <"$1/freeradius.pid" || return 1
  [ "$(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)" = "$began" ] || return 1
  echo "$pid"
}

radius_start() {
  local dir=$1 pid turns=200 before
  shift
  if radius_pid "$dir" >/dev/null; then return 0; fi
  before=$(grep -c 'Ready to process requests' "$dir/freeradius/log/radius.log" 2>/dev/null)
  setsid "$@" freeradius -d "$dir/freeradius" -n radiusd -f >>"$dir/freeradius.out" 2>&1 </dev/null 7>&- 8>&- &
  pid=$!
  disown "$pid"
  echo "$pid $(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)" >"$dir/freeradius.pid"
  until [ "$(grep -c 'Ready to process requests' "$dir/freeradius/log/radius.log" 2>/dev/null)" != "${before:-}" ] &&
    grep -q 'Ready to process requests' "$dir/freeradius/log/radius.log" 2>/dev/null; do
    radius_pid "$dir" >/dev/null ||
      { radius_say "it ended: $(cat "$dir/freeradius.out" "$dir/freeradius/log/radius.log" 2>/dev/null | tail -n 5)"; return 1; }
    turns=$((turns - 1))
    [ $turns -gt 0 ] || { radius_say "it is not ready within 10 s; see $dir/freeradius/log/radius.log"; return 1; }
    sleep 0.05
  done
}

radius_end() {
  local pid turns=100
  while pid=$(radius_pid "$2"); do
    [ $turns -ne 100 ] || kill -"$1" "$pid" 2>/dev/null
    turns=$((turns - 1))
    [ $turns -gt 0 ] || { kill -KILL "$pid" 2>/dev/null; }
    sleep 0.05
  done
  rm -f "$2/freeradius.pid"
}
radius_stop() { radius_end TERM "$1"; }
radius_kill9() { radius_end KILL "$1"; }
