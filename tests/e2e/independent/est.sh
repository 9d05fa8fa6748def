# An EST client made of openssl and curl (RFC 7030, 8951, 9908). Sourced; uses $site, $door.

# FOLDER CALLER CURL_ARGUMENTS…: CALLER (idevid, ldevid) speaks; the server must lead to the pinned domain CA.
est_says() {
  local dir=$1 who=$2
  shift 2
  curl -s -m 20 --cacert "$dir/domain.pem" -K "$dir/$who.curl" -o "$dir/answer" -w '%{http_code}' "$@"
}

# FOLDER NAME SUBJECT: a fresh key NAME.key with its passphrase, and NAME.csr (base64 of DER) with the extensions that
# csrattrs.der asks for, byte for byte.
est_request() {
  local dir=$1 name=$2 subject=$3 wanted
  openssl rand -hex 16 >"$dir/$name.pass"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass "file:$dir/$name.pass" \
      -out "$dir/$name.key"
  wanted=$(est_asked_san "$dir/csrattrs.der")
  {
    printf '[req]\ndistinguished_name = none\nprompt = no\n'
    [ -z "$wanted" ] || printf 'req_extensions = wanted\n'
    printf '[none]\n'
    [ -z "$wanted" ] || printf '[wanted]\nsubjectAltName = DER:%s\n' "$wanted"
  } >"$dir/$name.cnf"
  openssl req -new -config "$dir/$name.cnf" -subj "$subject" -key "$dir/$name.key" -passin "file:$dir/$name.pass" \
    -outform DER -out "$dir/$name.der" && openssl base64 -in "$dir/$name.der" -out "$dir/$name.csr"
}

# FILE: the value of the subjectAltName that csrattrs asks for, in hexadecimal; nothing if none.
est_asked_san() {
  [ ! -s "$1" ] || openssl asn1parse -inform DER -in "$1" | awk -F: '
    /X509v3 Subject Alternative Name/ { found = 1 }
    found && /HEX DUMP/ { print $NF; exit }'
}

# CERTIFICATE: its subject, as openssl req takes it.
est_subject() { openssl x509 -in "$1" -noout -subject -nameopt compat | sed 's/^subject=//'; }

# FOLDER NAME CALLER OPERATION: POSTs NAME.csr as CALLER; NAME.crt where a certificate came. Prints the status.
est_enrols() {
  local dir=$1 name=$2 caller=$3 operation=$4 status
  status=$(est_says "$dir" "$caller" -H 'Content-Type: application/pkcs10' -H 'Content-Transfer-Encoding: base64' \
    --data-binary "@$dir/$name.csr" "$door/.well-known/est/$operation")
  if [ "$status" = 200 ]; then est_certificates "$dir/answer" "$dir/$name.crt"; fi
  echo "$status"
}
# BODY OUT: the certificates of a certs-only answer.
est_certificates() {
  openssl base64 -d -A <"$1" >"$2.p7" && openssl pkcs7 -inform DER -in "$2.p7" -print_certs -out "$2"
}
# FOLDER NAME: NAME.crt is of NAME.key, of the domain, for clients.
est_judges() {
  local dir=$1 name=$2
  holds "$name: leads to the domain CA" openssl verify -purpose sslclient -CAfile "$dir/domain.pem" \
      -untrusted "$dir/cacerts.pem" \
    "$dir/$name.crt"
  same "$name: of our key" "$(openssl x509 -in "$dir/$name.crt" -noout -pubkey)" \
    "$(openssl pkey -in "$dir/$name.key" -passin "file:$dir/$name.pass" -pubout)"
  same "$name: for clients" "$(openssl x509 -in "$dir/$name.crt" -noout -ext extendedKeyUsage | sed -n '2s/^ *//p')" \
    'TLS Web Client Authentication'
}
