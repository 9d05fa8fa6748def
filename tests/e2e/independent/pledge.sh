# A pledge made of openssl and curl (RFC 8995 sections 5.2 to 5.9): nothing of ours is in it but the device's identity.
# Sourced; uses $site, $door.

# FOLDER: what the pledge sees of its registrar in a TLS handshake that it cannot judge yet: server.pem (the leaf),
# server-chain.pem, server.pin (of the leaf's key, so that what follows goes to the same server).
pledge_meets_registrar() {
  local dir=$1
  openssl s_client -connect "${door#https://}" -cert "$dir/idevid.crt" -key "$dir/idevid.key" \
      -pass "file:$dir/idevid.pass" \
    -showcerts </dev/null 2>/dev/null | sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' >"$dir/server-chain.pem"
  openssl x509 -in "$dir/server-chain.pem" -out "$dir/server.pem" &&
    openssl x509 -in "$dir/server.pem" -noout -pubkey | openssl pkey -pubin -outform DER |
        openssl dgst -sha256 -binary |
    openssl base64 >"$dir/server.pin"
}

# FOLDER SERIAL: a signed voucher request in pvr.cms; the nonce in nonce.
pledge_asks() {
  local dir=$1 serial=$2
  openssl rand -base64 16 >"$dir/nonce"
  printf '{"ietf-voucher-request:voucher":{"assertion":"proximity","created-on":"%s","nonce":"%s",' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(cat "$dir/nonce")" >"$dir/pvr.json"
  printf '"serial-number":"%s","proximity-registrar-cert":"%s"}}' "$serial" \
    "$(openssl x509 -in "$dir/server.pem" -outform DER | openssl base64 -A)" >>"$dir/pvr.json"
  openssl cms -sign -in "$dir/pvr.json" -binary -nodetach -md sha256 -signer "$dir/idevid.crt" \
      -inkey "$dir/idevid.key" \
    -passin "file:$dir/idevid.pass" -certfile "$dir/idevid-issuers.pem" -econtent_type 1.2.840.113549.1.9.16.1.40 \
    -outform DER -out "$dir/pvr.cms"
}

# FOLDER CURL_ARGUMENTS…: the IDevID speaks to the server that was met. Prints the status; the body goes
# to FOLDER/answer.
pledge_says() {
  local dir=$1
  shift
  curl -s -m 20 -k --pinnedpubkey "sha256//$(cat "$dir/server.pin")" -K "$dir/idevid.curl" -o "$dir/answer" \
      -w '%{http_code}' "$@"
}
pledge_requests_voucher() {
  pledge_says "$1" -H 'Content-Type: application/voucher-cms+json' -H 'Accept: application/voucher-cms+json' \
    --data-binary "@$1/pvr.cms" "$door/.well-known/brski/requestvoucher"
}
# FOLDER STATUS_JSON
pledge_reports_voucher() {
  pledge_says "$1" -H 'Content-Type: application/json' --data-binary "$2" "$door/.well-known/brski/voucher_status"
}

# FILE MEMBER: the text of a JSON member; enough for vouchers, which are flat.
member() { sed -n "s/.*\"$2\": *\"\([^\"]*\)\".*/\1/p" "$1"; }

# FOLDER SERIAL: from the first byte to a confirmed voucher, in one step, for those whose subject is what follows.
pledge_imprints() {
  local dir=$1 status
  pledge_meets_registrar "$dir" && pledge_asks "$dir" "$2" || return 1
  status=$(pledge_requests_voucher "$dir")
  [ "$status" = 200 ] || { echo "requestvoucher: $status $(head -c 200 "$dir/answer")"; return 1; }
  status=$(pledge_reports_voucher "$dir" '{"version":1,"status":true}')
  [ "$status" = 200 ] || { echo "voucher_status: $status $(head -c 200 "$dir/answer")"; return 1; }
}
