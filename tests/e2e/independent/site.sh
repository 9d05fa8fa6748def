# The site that independent clients talk to: one registrar, one onboarding service, a MASA, PostgreSQL, as processes of
# their own on the loopback. Sourced after tools/run/site.sh; uses $site and $programs.

maker='Example Devices'
door=https://localhost:8443 # the name that stands in the registrar's certificate
body_timeout=1              # seconds, short enough to be waited for
anchors=$site/makers/example/anchors

site_of_two() {
  site_keys && site_database || return 1
  site_registrar registrar-1 >"$site/etc/registrar-1.yaml"
  site_onboarding onboarding-1 | sed -E \
    -e "s/^( +addresses: ).*/\1[$(site_inside server):$(site_rpc_port registrar-1)]/" \
    -e "s/^( +listen: ).*:8443$/\1127.0.0.1:8443/" -e "s/^devices:$/devices:\n  body_timeout: ${body_timeout}s/" \
    >"$site/etc/onboarding-1.yaml"
  site_start registrar-1 onboarding-1 && site_await registrar-1 onboarding-1
}

masa_of_maker() {
  local turns=200 at
  at=$(lab_address maker L3):9443
  "$programs/pratique-factory" init --dir "$site/makers/example" --name "$maker" \
      --masa-host "${at%:*}" --masa-port "${at#*:}" &&
    site_run masa "$programs/pratique-factory" masa --dir "$site/makers/example" --listen "$at" || return 1
  until curl -sk -m 2 -o /dev/null "https://$at/"; do
    turns=$((turns - 1))
    [ $turns -gt 0 ] || return 1
    sleep 0.05
  done
}

operator() {
  cat >"$site/etc/ada.yaml" <<YAML
registrar: [$(site_inside server):$(site_rpc_port registrar-1)]
onboarding: [$(site_inside server):$(site_rpc_port onboarding-1)]
identity: $site/keys/operators/ada
ca: $site/keys/service-ca/ca.crt
YAML
  cli manufacturers add "$maker" --idevid-anchor "$anchors/idevid.pem" --voucher-anchor "$anchors/voucher.pem" \
    --masa-anchor "$anchors/masa-tls.pem" &&
    cli policies add --name sensors --priority 10 --manufacturer "$maker" --model 'Sensor*' \
        --effect allow --segment sensors
}
cli() { "$programs/pratique" --config "$site/etc/ada.yaml" "$@"; }

# SERIAL: a device as its maker delivers it, in $site/devices/SERIAL, with what curl needs to speak as it.
device() {
  local dir=$site/devices/$1
  "$programs/pratique-factory" device --dir "$site/makers/example" --serial "$1" --model 'Sensor 7' --out "$dir" ||
      return 1
  caller "$dir" idevid
  # The first is its own, the others are its issuers'.
  awk '/BEGIN CERTIFICATE/ { n++ } n > 1' "$dir/idevid.crt" >"$dir/idevid-issuers.pem"
}
# FOLDER NAME: curl's configuration for FOLDER/NAME.{crt,key,pass}. A passphrase stands in a file, in no process list.
caller() {
  printf 'cert = "%s"\nkey = "%s"\npass = "%s"\n' "$1/$2.crt" "$1/$2.key" "$(cat "$1/$2.pass")" >"$1/$2.curl"
}

# How much the services hold: sessions, vouchers, certificates ordered, certificates issued.
holdings() {
  pg_psql "$site" -d pratique -Atq -F ' ' -v ON_ERROR_STOP=1 -c 'SELECT (SELECT count(*) FROM onboarding.session),
    (SELECT count(*) FROM registrar.voucher), (SELECT count(*) FROM registrar.credential_order),
    (SELECT count(*) FROM registrar.credential)'
}
