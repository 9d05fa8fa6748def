# A whole onboarding by openssl and curl, each answer judged by openssl. Sourced; uses the others of this folder.

openssl_pledge_onboards() {
  local serial=00-D0-E5-F2-00-31 dir=$site/devices/00-D0-E5-F2-00-31 voucher
  started device $serial
  part 'openssl and curl as a pledge: a voucher'
  holds 'it meets a registrar' pledge_meets_registrar "$dir" || return
  holds 'it asks' pledge_asks "$dir" $serial || return
  same 'requestvoucher' "$(pledge_requests_voucher "$dir")" 200 || return
  cp "$dir/answer" "$dir/voucher.cms"
  holds 'the voucher verifies' openssl cms -verify -inform DER -in "$dir/voucher.cms" \
      -CAfile "$dir/voucher-anchors.pem" \
    -purpose any -binary -out "$dir/voucher.json" || return
  voucher=$dir/voucher.json
  same 'its nonce' "$(member "$voucher" nonce)" "$(cat "$dir/nonce")"
  same 'its serial number' "$(member "$voucher" serial-number)" $serial
  same 'its assertion' "$(member "$voucher" assertion)" proximity
  member "$voucher" pinned-domain-cert | openssl base64 -d -A | openssl x509 -inform DER -out "$dir/domain.pem"
  same 'it pins the domain' "$(openssl x509 -in "$dir/domain.pem" -noout -fingerprint -sha256)" \
    "$(openssl x509 -in "$site/keys/domain-ca/root.crt" -noout -fingerprint -sha256)"
  holds 'the server that was met is of the domain' openssl verify -purpose sslserver -CAfile "$dir/domain.pem" \
    -untrusted "$dir/server-chain.pem" "$dir/server.pem"
  same 'voucher_status' "$(pledge_reports_voucher "$dir" '{"version":1,"status":true,"reason":"it is for me"}')" 200

  part 'openssl and curl as an EST client: a certificate'
  same 'cacerts' "$(est_says "$dir" idevid "$door/.well-known/est/cacerts")" 200
  holds 'cacerts reads' est_certificates "$dir/answer" "$dir/cacerts.pem" || return
  holds 'cacerts leads to the pinned CA' openssl verify -CAfile "$dir/domain.pem" \
      -untrusted "$dir/cacerts.pem" "$dir/cacerts.pem"
  same 'csrattrs' "$(est_says "$dir" idevid "$door/.well-known/est/csrattrs")" 200
  holds 'csrattrs reads' openssl base64 -d -A -in "$dir/answer" -out "$dir/csrattrs.der" || return
  holds 'csrattrs is ASN.1' openssl asn1parse -inform DER -in "$dir/csrattrs.der"
  holds 'a request' est_request "$dir" ldevid "/serialNumber=$serial" || return
  same 'simpleenroll' "$(est_enrols "$dir" ldevid idevid simpleenroll)" 200 || return
  est_judges "$dir" ldevid
  caller "$dir" ldevid
  same 'enrollstatus' "$(est_says "$dir" ldevid -H 'Content-Type: application/json' \
    --data-binary '{"version":1,"status":true,"reason":"in use"}' "$door/.well-known/brski/enrollstatus")" 200
  same 'the operator sees it' "$(cli devices show $serial 2>&1 | grep -ciw onboarded)" 1

  part 'openssl and curl renew it'
  holds 'a request of another subject' est_request "$dir" other "/serialNumber=$serial" || return
  same 'simplereenroll under another subject' "$(est_enrols "$dir" other ldevid simplereenroll)" 403
  same 'why' "$(code_in "$dir/answer")" EST_SUBJECT_DIFFERS
  holds 'a request' est_request "$dir" renewed "$(est_subject "$dir/ldevid.crt")" || return
  same 'simplereenroll' "$(est_enrols "$dir" renewed ldevid simplereenroll)" 200 || return
  est_judges "$dir" renewed
  same 'its name stays' "$(est_subject "$dir/renewed.crt")" "$(est_subject "$dir/ldevid.crt")"
  caller "$dir" renewed
  same 'csrattrs with the new one' "$(est_says "$dir" renewed "$door/.well-known/est/csrattrs")" 200
}
