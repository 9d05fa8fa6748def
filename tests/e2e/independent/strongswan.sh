# strongSwan's EST client, `pki --estca` and `pki --est`. It reads no csrattrs and puts no URI into a request, so
# openssl makes the requests; it renews (simplereenroll) whatever certificate it is given, the IDevID too. Sourced.

strongswan_enrols() {
  local serial=00-D0-E5-F2-00-32 dir=$site/devices/00-D0-E5-F2-00-32
  part "strongSwan's pki as an EST client"
  if ! command -v pki >/dev/null || ! pki --gen --type ecdsa --size 256 >"$site/out/probe.key" \
      2>"$site/log/pki.log"; then
    skipped 'there is no pki with elliptic curves here (Debian: strongswan-pki, libstrongswan-standard-plugins)'
    return
  fi
  started device $serial
  cp "$site/keys/domain-ca/root.crt" "$dir/domain.pem"
  holds 'a request' strongswan_request "$dir" early "/serialNumber=$serial" /dev/null || return
  fails 'no certificate before the voucher' strongswan_est "$dir" early idevid
  holds 'a voucher' pledge_imprints "$dir" $serial || return
  holds 'pki --estca' strongswan_cacerts "$dir" || return
  same 'of which CAs' "$(openssl x509 -in "$dir/ca.pem" -noout -fingerprint &&
      openssl x509 -in "$dir/ca-1.pem" -noout -fingerprint)" \
    "$(for ca in root issuing; do openssl x509 -in "$site/keys/domain-ca/$ca.crt" -noout -fingerprint; done)"
  cat "$dir/ca.pem" "$dir/ca-1.pem" >"$dir/cacerts.pem"

  same 'csrattrs' "$(est_says "$dir" idevid "$door/.well-known/est/csrattrs")" 200
  holds 'a request' strongswan_request "$dir" ldevid "/serialNumber=$serial" "$dir/answer" || return
  holds 'pki --est enrols with the IDevID' strongswan_est "$dir" ldevid idevid || return
  est_judges "$dir" ldevid
  holds 'a request' est_request "$dir" renewed "$(est_subject "$dir/ldevid.crt")" || return
  holds 'pki --est renews' strongswan_est "$dir" renewed ldevid || return
  est_judges "$dir" renewed
}

# FOLDER NAME SUBJECT CSRATTRS_BODY
strongswan_request() {
  openssl base64 -d -A <"$4" >"$1/csrattrs.der"
  est_request "$1" "$2" "$3"
}
strongswan_cacerts() { pki --estca --url "$door" --cacert "$1/domain.pem" --caout "$1/ca" --outform pem --force; }
# FOLDER NAME CALLER: NAME.crt for NAME.der, over a connection of CALLER's certificate. pki reads no passphrase from a
# file.
strongswan_est() {
  local dir=$1 name=$2 caller=$3 rc=0
  openssl pkcs8 -topk8 -nocrypt -in "$dir/$caller.key" -passin "file:$dir/$caller.pass" \
      -out "$dir/$caller.plain.key" || return 1
  openssl x509 -in "$dir/$caller.crt" -out "$dir/$caller.leaf.crt" || return 1
  timeout 20 pki --est --url "$door" --in "$dir/$name.der" --cacert "$dir/domain.pem" \
    --cacert "$site/keys/domain-ca/issuing.crt" --cert "$dir/$caller.leaf.crt" --key "$dir/$caller.plain.key" \
        --maxpolltime 5 \
    --outform pem >"$dir/$name.crt" || rc=1
  rm -f "$dir/$caller.plain.key"
  return $rc
}
