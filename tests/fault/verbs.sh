#!/usr/bin/env bash
# The site's shell functions and those below, by name, for the Python beside: verbs.sh SITE PROGRAMS FUNCTION WORD…
#
# What may be killed (fault_victims): the services' replicas, postgres, ovs, hostapd-p1, hostapd-p2, freeradius.
# shellcheck disable=SC2034,SC2086,SC2154 # names of the files below; lists of names
set -uo pipefail
fault_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for file in site show acts acts_port; do
  # shellcheck source=/dev/null
  . "$fault_here/../../tools/run/$file.sh"
done
site_use "$1" "$2"
shift 2
show_log=$site/log/play.log

fault_segments='production workshop quarantine' # the hosts in cameras, sensors, quarantine

# --- the site -----------------------------------------------------------------------------------------------
fault_site() {
  local anchors=$site/makers/example/anchors place processes lab_into
  mkdir -p "$site"/{etc,log,run,makers,devices,out} && lab_up && lab_switch_up && site_keys && site_database &&
    site_configurations || return 1
  site_join_proxy join-proxy-3 >"$site/etc/join-proxy-3.yaml"
  processes="$site_replicas join-proxy join-proxy-3"
  write_cli ada && write_cli ben || return 1
  site_start $processes && site_await $processes || return 1
  site_radius_make && site_radius_start && lab_switch_start hostapd-p1 hostapd-p2 || return 1
  make_maker example "$maker" $masa_port && make_maker other 'Other Works' $other_masa_port && start_masas &&
    await_masas || return 1
  cli manufacturers add "$maker" --idevid-anchor "$anchors/idevid.pem" --voucher-anchor "$anchors/voucher.pem" \
    --masa-anchor "$anchors/masa-tls.pem" &&
    cli policies add --name 'cameras of Example Devices' --priority 10 --manufacturer "$maker" --model 'Camera*' \
      --effect allow --segment cameras || return 1
  listen_at $fault_segments || return 1
  for place in $fault_segments; do
    lab_enter "$place" &&
      site_run "watch-$place" "${lab_into[@]}" "$fault_here/frames.py" watch eth-switch "$site/log/frames-$place.log" ||
      return 1
  done
  register_switch
}

# --- victims ------------------------------------------------------------------------------------------------
fault_kill() {
  case $1 in
    postgres) pg_kill9 "$site" ;;
    ovs | hostapd-*) lab_switch_kill9 "$1" ;;
    freeradius) radius_kill9 "$(site_radius_folder)" ;;
    *) site_kill9 "$1" ;;
  esac
}
fault_start() {
  case $1 in
    postgres) site_postgres ;;
    ovs | hostapd-*) lab_switch_start "$1" ;;
    freeradius) site_radius_start ;;
    *) site_start "$1" ;;
  esac
}
# Where the process ids stand of each of these, and of those that must not end.
fault_pid_files() {
  local name
  for name in $site_replicas join-proxy join-proxy-3; do echo "$name $site/run/$name.pid"; done
  for name in hostapd-p1 hostapd-p2; do echo "$name $(lab_switch_folder)/$name.pid"; done
  for name in ovsdb vswitchd; do echo "ovs $(lab_switch_folder)/$name.pid"; done
  echo "freeradius $(site_radius_folder)/freeradius.pid"
  echo "postgres $site/db/postmaster.pid"
}

# --- machines at the access ports ---------------------------------------------------------------------------
# N MAC: the machine with that address is plugged in at pN; what was there before is gone.
fault_plug() {
  local place
  place=$(lab_namespace "station-$1")
  lab_switch_unplug "$1" && ip -n "$place" link set eth-switch down &&
    ip -n "$place" link set eth-switch address "$2" && ip -n "$place" link set eth-switch up && lab_switch_plug "$1"
}
fault_unplug() { lab_switch_stop "supplicant-$1" && lab_switch_unplug "$1"; }
# N SERIAL: it joins through that port; exit status as pratique-device.
fault_onboard() {
  lab_exec "station-$1" "$programs/pratique-device" onboard --dir "$site/devices/$2" --timeout 60s --discover eth-switch
}
fault_renew() {
  lab_exec "station-$1" "$programs/pratique-device" renew --dir "$site/devices/$2" --timeout 10s \
    --registrar "$(lab_switch_address production):8443"
}
# N SERIAL: its supplicant, with what the device has now.
fault_log_on() { lab_switch_stop "supplicant-$1" && supplicant "$1" "$2"; }
fault_again() { lab_switch_wpa_cli "$1" reassociate; }
# N: which hosts it reaches, "production4 production6 …", tried all at once.
fault_reaches() {
  local host family jobs=()
  for host in $fault_segments; do
    for family in 4 6; do
      { ! reach "station-$1" "$host" "$hall_port" $family || echo "$host$family"; } 2>/dev/null </dev/null &
      jobs+=($!)
    done
  done
  wait "${jobs[@]}"
}
# N: frames that want no answer.
fault_shout() { lab_exec "station-$1" "$fault_here/frames.py" send eth-switch; }

# --- what is known ------------------------------------------------------------------------------------------
fault_sql() { PGDATABASE=pratique pg_psql "$site" -At -v ON_ERROR_STOP=1 -c "$1"; }
fault_await() { site_await $site_replicas join-proxy join-proxy-3; }

"$@"
