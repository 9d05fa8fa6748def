# Callers who do wrong at every door for devices: each is told by status and code what is wrong, and nothing of what
# they did stays. Sourced.

at=$door/.well-known

# WHAT STATUS CODE CURL_ARGUMENTS…: $caller (a curl configuration; empty: without a certificate) is answered so, and
# no session, voucher, order or certificate is made by it. CODE - : the answer has none.
refused() {
  local what=$1 wanted="$2 $3" seen before
  shift 3
  before=$(holdings)
  : >"$site/out/answer"
  seen=$(curl -s -m 20 --cacert "$site/keys/domain-ca/root.crt" ${caller:+-K "$caller"} -o "$site/out/answer" \
      -w '%{http_code}' "$@")
  case $wanted in *-) seen="$seen -" ;; *) seen="$seen $(code_in "$site/out/answer")" ;; esac
  same "$what" "$seen" "$wanted"
  same "$what: leaves nothing" "$(holdings)" "$before"
}

bad_input_is_refused() {
  local serial=00-D0-E5-F2-00-33 dir=$site/devices/00-D0-E5-F2-00-33
  started device $serial
  holds 'a device' pledge_meets_registrar "$dir"
  holds 'a good request' pledge_asks "$dir" $serial || return
  head -c 300000 /dev/zero | tr '\0' A >"$site/out/large"
  forms_that_are_wrong "$dir"
  voucher_requests_that_are_wrong "$dir"
  steps_out_of_order "$dir"
  slow_bodies "$dir"
  requests_at_the_same_time "$dir"
  enrolments_that_are_wrong "$dir" $serial
}

forms_that_are_wrong() {
  local caller=$1/idevid.curl path
  part 'wrong paths, methods, media types, sizes'
  for path in / /.well-known/est /.well-known/est/requestvoucher /.well-known/est/other/cacerts \
      /.well-known/brski/requestauditlog \
    /.well-known/brski/requestvoucher/.. "/.well-known/est/cacerts%00"; do
    refused "no such path: $path" 404 NO_SUCH_RESOURCE --path-as-is "$door$path"
  done
  for path in brski/requestvoucher brski/voucher_status brski/enrollstatus est/simpleenroll est/simplereenroll; do
    refused "GET $path" 405 METHOD_NOT_ALLOWED "$at/$path"
    refused "PUT $path" 405 METHOD_NOT_ALLOWED -X PUT --data-binary x "$at/$path"
    refused "$path as text/plain" 415 MEDIA_TYPE_UNSUPPORTED -H 'Content-Type: text/plain' --data-binary x "$at/$path"
    refused "$path without a media type" 415 MEDIA_TYPE_UNSUPPORTED -H 'Content-Type:' --data-binary x "$at/$path"
    refused "$path too large" 413 - -H 'Expect:' --data-binary "@$site/out/large" "$at/$path"
  done
  for path in est/cacerts est/csrattrs; do refused "POST $path" 405 METHOD_NOT_ALLOWED --data-binary x "$at/$path"; done
  refused 'an answer that nobody can give' 406 MEDIA_TYPE_NOT_ACCEPTED -H 'Content-Type: application/voucher-cms+json' \
    -H 'Accept: application/voucher+cose' --data-binary "@$1/pvr.cms" "$at/brski/requestvoucher"

  part 'no client certificate'
  caller=''
  refused 'requestvoucher' 401 IDEVID_MISSING -H 'Content-Type: application/voucher-cms+json' \
      --data-binary "@$1/pvr.cms" \
    "$at/brski/requestvoucher"
  for path in brski/voucher_status brski/enrollstatus; do
    refused "$path" 401 IDEVID_MISSING -H 'Content-Type: application/json' \
        --data-binary '{"version":1,"status":true}' "$at/$path"
  done
  for path in est/simpleenroll est/simplereenroll; do
    refused "$path" 401 IDEVID_MISSING -H 'Content-Type: application/pkcs10' --data-binary MIIB "$at/$path"
  done
  refused 'csrattrs' 401 IDEVID_MISSING "$at/est/csrattrs"
  refused 'cacerts is for everybody' 200 - "$at/est/cacerts"
}

voucher_requests_that_are_wrong() {
  local caller=$1/idevid.curl half
  local type='Content-Type: application/voucher-cms+json' to=$at/brski/requestvoucher
  part 'voucher requests that are wrong'
  half=$(($(stat -c %s "$1/pvr.cms") / 2))
  head -c $half "$1/pvr.cms" >"$site/out/half"
  openssl base64 -in "$site/out/half" -out "$site/out/base64"
  refused 'empty' 406 PVR_MALFORMED -H "$type" --data-binary '' "$to"
  refused 'cut in half' 406 PVR_MALFORMED -H "$type" --data-binary "@$site/out/half" "$to"
  refused 'cut in half, in base64 where binary is due' 406 PVR_MALFORMED -H "$type" \
      --data-binary "@$site/out/base64" "$to"
  refused 'JSON without a signature' 406 PVR_UNSIGNED -H "$type" --data-binary "@$1/pvr.json" "$to"
  refused "another's" 401 PVR_SIGNER_NOT_IDEVID -H "$type" \
    --data-binary "@$site/devices/00-D0-E5-F2-00-31/pvr.cms" "$to"
}

steps_out_of_order() {
  local caller=$1/idevid.curl path status
  part 'steps out of order'
  openssl ecparam -name prime256v1 -genkey -noout -out "$site/out/early.key"
  openssl req -new -key "$site/out/early.key" -subj /CN=early -outform DER 2>/dev/null |
      openssl base64 -A >"$site/out/early.csr"
  for path in brski/voucher_status brski/enrollstatus; do
    for status in true false; do
      refused "$path first: $status" 403 SESSION_MISSING -H 'Content-Type: application/json' \
        --data-binary "{\"version\":1,\"status\":$status}" "$at/$path"
    done
    refused "$path that is no JSON" 400 TELEMETRY_MALFORMED -H 'Content-Type: application/json' \
        --data-binary '{"version":1' "$at/$path"
  done
  refused 'csrattrs before the voucher' 403 CREDENTIAL_UNKNOWN "$at/est/csrattrs"
  for path in est/simpleenroll est/simplereenroll; do
    refused "$path before the voucher" 403 CREDENTIAL_UNKNOWN -H 'Content-Type: application/pkcs10' \
      --data-binary "@$site/out/early.csr" "$at/$path"
  done
}

# A body that drips is cut off when its time is over, however it drips.
slow_bodies() {
  local caller=$1/idevid.curl path type began took
  part 'bodies that are slow'
  head -c 200000 "$site/out/large" >"$site/out/slow"
  while read -r path type; do
    began=${EPOCHREALTIME/./}
    refused "$path slowly" 408 - -H 'Expect:' -H "Content-Type: $type" -H 'Content-Length: 15000' \
        --data-binary dripping "$at/$path"
    took=$(((${EPOCHREALTIME/./} - began) / 1000))
    holds "$path: within its time, not $took ms" test $took -ge $((body_timeout * 1000)) \
        -a $took -lt $((body_timeout * 1000 + 3000))
  done <<'TYPES'
brski/voucher_status application/json
est/simpleenroll application/pkcs10
TYPES
  began=${EPOCHREALTIME/./}
  refused 'requestvoucher at 10 kB a second' 408 - -H 'Expect:' -H 'Content-Type: application/voucher-cms+json' \
      --limit-rate 10k \
    --data-binary "@$site/out/slow" "$at/brski/requestvoucher"
  took=$(((${EPOCHREALTIME/./} - began) / 1000))
  holds "requestvoucher: within its time, not $took ms" test $took -lt 10000
}

# Five times the same request at once: one session, one voucher; whoever is not told "come again" gets the same bytes.
requests_at_the_same_time() {
  local dir=$1 before after i jobs='' given=0
  part 'the same voucher request five times at once'
  before=$(holdings)
  for i in 1 2 3 4 5; do
    curl -s -m 20 -k -K "$dir/idevid.curl" -H 'Content-Type: application/voucher-cms+json' \
        --data-binary "@$dir/pvr.cms" \
      -o "$dir/answer-$i" -w '%{http_code}' "$at/brski/requestvoucher" >"$dir/status-$i" &
    jobs="$jobs $!"
  done
  # shellcheck disable=SC2086 # a list of numbers
  wait $jobs
  for i in 1 2 3 4 5; do
    case $(cat "$dir/status-$i") in
      200)
        given=$((given + 1))
        cp "$dir/answer-$i" "$dir/voucher.cms"
        ;;
      503) rm "$dir/answer-$i" ;;
      *) same "answer $i" "$(cat "$dir/status-$i") $(head -c 100 "$dir/answer-$i")" '200 or 503' ;;
    esac
  done
  holds "somebody got it, of 5: $given" test $given -ge 1
  for i in 1 2 3 4 5; do [ ! -e "$dir/answer-$i" ] || holds "answer $i is the same" \
      cmp "$dir/answer-$i" "$dir/voucher.cms"; done
  same 'and again' "$(pledge_requests_voucher "$dir")" 200
  holds 'it is the same again' cmp "$dir/answer" "$dir/voucher.cms"
  openssl base64 -in "$dir/pvr.cms" -out "$dir/pvr.base64"
  same 'in base64, which this maker may send' "$(pledge_says "$dir" -H 'Content-Type: application/voucher-cms+json' \
    --data-binary "@$dir/pvr.base64" "$at/brski/requestvoucher")" 200
  holds 'it is the same request' cmp "$dir/answer" "$dir/voucher.cms"
  after=$(holdings)
  same 'one session, one voucher' "$after" "$(awk '{ print $1 + 1, $2 + 1, $3, $4 }' <<<"$before")"
}

enrolments_that_are_wrong() {
  local dir=$1 serial=$2 caller=$1/idevid.curl type='Content-Type: application/pkcs10' to=$at/est/simpleenroll
  part 'enrolments that are wrong'
  cp "$site/keys/domain-ca/root.crt" "$dir/domain.pem"
  refused 'before the voucher is confirmed' 403 SESSION_MISSING -H "$type" --data-binary "@$site/out/early.csr" "$to"
  same 'voucher_status' "$(pledge_reports_voucher "$dir" '{"version":1,"status":true}')" 200
  refused 'enrollstatus before enrolment' 200 - -H 'Content-Type: application/json' \
      --data-binary '{"version":1,"status":true}' \
    "$at/brski/enrollstatus"
  same 'csrattrs' "$(est_says "$dir" idevid "$at/est/csrattrs")" 200
  openssl base64 -d -A -in "$dir/answer" -out "$dir/csrattrs.der"
  holds 'a good request' est_request "$dir" ldevid "/serialNumber=$serial" || return

  refused 'empty' 400 EST_BODY_EMPTY -H "$type" --data-binary '' "$to"
  refused 'not base64' 400 EST_BODY_NOT_BASE64 -H "$type" --data-binary '*not base64*' "$to"
  refused 'JSON' 400 EST_BODY_NOT_BASE64 -H "$type" --data-binary '{"csr":""}' "$to"
  head -c 200 "$dir/ldevid.der" | openssl base64 -A >"$site/out/half"
  refused 'cut in half' 400 EST_CSR_UNDECODABLE -H "$type" --data-binary "@$site/out/half" "$to"
  openssl x509 -in "$dir/idevid.crt" -outform DER | openssl base64 -A >"$site/out/certificate"
  refused 'a certificate' 400 EST_CSR_UNDECODABLE -H "$type" --data-binary "@$site/out/certificate" "$to"
  # The last byte of the signature is another.
  head -c -1 "$dir/ldevid.der" >"$site/out/forged"
  tail -c 1 "$dir/ldevid.der" | tr '\000-\377' '\001-\377\000' >>"$site/out/forged"
  openssl base64 -A -in "$site/out/forged" -out "$site/out/forged.csr"
  refused 'a signature that is damaged' 400 EST_CSR_SIGNATURE_INVALID -H "$type" \
      --data-binary "@$site/out/forged.csr" "$to"
  refused 'without the extension that was asked for' 400 EST_EXTENSION_MISSING -H "$type" \
      --data-binary "@$site/out/early.csr" "$to"
  openssl req -new -config "$dir/ldevid.cnf" -subj /CN=x -key "$dir/idevid.key" -passin "file:$dir/idevid.pass" \
    -outform DER |
    openssl base64 -A >"$site/out/idevid.csr"
  refused "for the IDevID's key" 403 EST_KEY_REUSED -H "$type" --data-binary "@$site/out/idevid.csr" "$to"
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out "$site/out/weak.key" 2>/dev/null
  openssl req -new -config "$dir/ldevid.cnf" -subj /CN=x -key "$site/out/weak.key" -outform DER |
      openssl base64 -A >"$site/out/weak.csr"
  refused 'a weak key' 400 EST_KEY_WEAK -H "$type" --data-binary "@$site/out/weak.csr" "$to"

  same 'then a good one' "$(est_enrols "$dir" ldevid idevid simpleenroll)" 200
  cat "$site/keys/domain-ca/issuing.crt" >"$dir/cacerts.pem"
  est_judges "$dir" ldevid
  caller "$dir" ldevid
  caller=$dir/ldevid.curl
  refused 'simpleenroll with what has to be renewed' 403 SESSION_MISSING -H "$type" \
      --data-binary "@$site/out/early.csr" "$to"
  refused 'a voucher request signed by another' 401 PVR_SIGNER_NOT_IDEVID \
    -H 'Content-Type: application/voucher-cms+json' \
    --data-binary "@$dir/pvr.cms" "$at/brski/requestvoucher"
}
