// Makes the seeds anew: test_test "[.fuzz-seeds]". Signed ones differ each time, since keys do; that is harmless. Seeds
// that are not made here (what a fuzzer found) are left alone.
#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/cms/certs_only.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/keys/ecdsa_signature.h"
#include "libs/crypto/revocation/crl_build.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/enroll_client.h"
#include "libs/protocol/est/paths.h"
#include "libs/protocol/openflow/error_message.h"
#include "libs/protocol/openflow/flow_mod.h"
#include "libs/protocol/openflow/hello.h"
#include "libs/protocol/radius/world_test.h"
#include "tests/fuzz/corpus.h"
#include "tests/fuzz/good_session.h"
#include "tests/fuzz/targets.h"

using namespace pratique;
using namespace pratique::fuzz;
using test::must;
using voucher::WireProfile;

namespace {

void seed(std::string_view target, std::string_view name, ByteView bytes) {
  write_seed(corpus_folder(target) / std::string(name), bytes);
}
void seed(std::string_view target, std::string_view name, std::string_view text) { seed(target, name, as_bytes(text)); }

void plain_seeds() {
  seed("json", "object",
       R"({"a":1,"b":[true,false,null,-0.5e-3,9223372036854775807],"c":{"d":"\u00e9\ud83d\ude00\n"}})");
  seed("json", "twice", R"({"a":1,"a":2})");
  seed("json", "deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
  seed("json", "numbers", "[0,-0,1.0,1e308,1e309,-1,12345678901234567890,0.1]");
  seed("text_forms", "base64", "VGhlIHF1aWNrIGJyb3duIGZveA==");
  seed("text_forms", "base64url", "_-8 _w\n");
  seed("text_forms", "hex", "00ffA5");
  seed("text_forms", "time", "2026-11-24T06:38:27.125+01:00");
  seed("text_forms", "uuid", "things/01931a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b");
  seed("text_forms", "assertion", "proximity");
  seed("url", "authority", "masa.example.com:9443");
  seed("url", "complete", "https://masa.example.com/brski/");
  seed("url", "ipv6", "https://[2001:db8::1]:8443/a?b=c%20d");
  seed("url", "scope", "http://[fe80::1%25eth0]/");
  seed("url", "numbers", "192.0.2.7");

  seed("telemetry", "success", R"({"version":1,"status":true,"reason":"Informative","reason-context":{"a":"b"}})");
  seed("telemetry", "old", R"({"version":"1","Status":false,"Reason":"no"})");
  seed("telemetry", "cut", R"({"version":1,"stat)");
  seed("audit_log", "log", R"({"version":1,"events":[{"date":"2026-06-01T12:00:00Z","domainID":"dGVzdA==",)"
                           R"("nonce":"VOUFT+WwrEv0NuAQEHoV7Q==","assertion":"proximity","truncated":0}],)"
                           R"("truncation":{"nonced duplicates":0,"nonceless duplicates":1,"arbitrary":2}})");
  seed("audit_log", "quoted", R"({"version":"1","events":[{"date":"2026-06-01T12:00:00Z","domainID":"dGVzdA==",)"
                              R"("nonce":null,"assertion":"other","truncated":"2"}]})");
  seed("audit_log", "none", R"({"version":1,"events":[]})");
}

/// A block as Steering reads it.
std::string block(std::string_view text) {
  return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 0xff)} + std::string(text);
}

void field_seeds() {
  const std::string zero(1, '\0');
  seed("http_fields", "media",
       zero + block("application/voucher-cms+json; charset=x") + block("text/*;q=0, */*;q=0.5"));
  seed("http_fields", "retry-after", zero + block("a/b") + block("120"));
  seed("http_fields", "route", "\x01/.well-known/est/factory-3/simpleenroll/");
  seed("http_fields", "query", "\x02/path?serial=00%2d1&x&=y");
  const std::string wait = std::string("\x03\0\xca", 3), moved = std::string("\x03\x01\x33", 3);
  seed("http_fields", "pledge-wait", wait + block("Tue, 24 Nov 2026 06:38:27 GMT") + block(""));
  seed("http_fields", "pledge-moved", moved + block("") + block("https://other.example.com/x"));
  seed("http_fields", "pledge-moved-here", moved + block("") + block("/elsewhere"));
  seed("http_fields", "enroll-wait", std::string("\x04\0\xca", 3) + block("30"));
}

/// Requests and responses: wide limits, cut into pieces of three and of one byte, then the message.
void http_seeds() {
  const auto read = [](char kind, std::string_view flags, std::string_view message) {
    return std::string(1, kind) + std::string(flags) + block(std::string_view("\2\0", 2)) + std::string(message);
  };
  const auto request = [&](std::string_view message) { return read('\0', std::string_view("\0\0", 2), message); };
  const auto response = [&](std::string_view message) { return read('\1', std::string_view("\0\0\0", 3), message); };
  seed("http", "get", request("GET /ca.crl?x=1 HTTP/1.1\r\nHost: a.example.com\r\nX: y\r\n z\r\n\r\nGET /next"));
  seed("http", "post", request("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                               "Expect: 100-continue\r\nConnection: close\r\n\r\nabcdef"));
  seed("http", "chunked", request("PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n"
                                  "0\r\nContent-Type: t\r\n\r\nrest"));
  seed("http", "absolute", request("OPTIONS https://a/b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  seed("http", "smuggled", request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
                                   "\r\n0\r\n\r\n"));
  seed("http", "body-over", read('\0', std::string_view("\0\1", 2),
                                 "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"));
  seed("http", "answer", response("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabcd"));
  seed("http", "answer-chunked", response("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nRetry-After: 5\r\n"
                                          "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: y\r\n\r\n"));
  seed("http", "answer-to-the-end", response("HTTP/1.0 200 OK\r\n\r\nuntil the end"));
  seed("http", "answer-empty", response("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
  seed("http", "answer-to-head",
       read('\1', std::string_view("\0\0\1", 3), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
  seed("http", "our-call", "\2" + block("POST") + block("/a?b=%20") + "\1" + block("Content-Type") +
                               block("application/pkcs10") + std::string(1, '\0') + "\1" + block("text/plain") +
                               std::string(1, '\0') + "body");
  seed("http", "our-answer", std::string("\3\0\xc8\0\1\0\1", 7) + block("X-Field") + block(" a\tb ") +
                                 std::string(1, '\0') + "body");
}

void der_seeds() {
  const auto attrs = must(est::encode_csrattrs(
      {.challenge_password = true,
       .keys = {est::key_request(crypto::KeyType::ec_p256), est::key_request(crypto::KeyType::rsa_3072)},
       .signature_algorithms = {"1.2.840.10045.4.3.2"},
       .extensions = {{"2.5.29.17", true, {0x30, 0x07, 0x82, 0x05, 'd', '.', 'a', '.', 'b'}}},
       .others = {{"1.3.6.1.4.1.32473.1", {der::integer(7)}}, {"1.3.6.1.4.1.32473.2", {}}}}));
  const auto name = must(der::oid("1.2.840.113549.1.9.14"));
  const auto named = der::element_of(
      der::kSequence, {der::element_of(der::kSequence, {name, der::set_of({must(der::oid("2.5.29.17"))})})});
  seed("csrattrs", "all", attrs);
  seed("csrattrs", "named-extension", named);
  seed("csrattrs", "nothing", Bytes{0x30, 0x00});
  seed("der", "csrattrs", attrs);
  seed("der", "integers", der::element_of(der::kSequence, {der::integer(-129), der::integer(0), der::boolean(true)}));
  seed("der", "long-length", der::element(der::kOctetString, Bytes(300, 0x5a)));
  seed("der", "dotted", "2.999.4294967296");
}

void certificate_seeds() {
  const auto& world = test::brski_world();
  const auto& key = world.device.key;
  seed("certificate", "idevid", world.device.certificate.der());
  seed("certificate", "registrar", world.registrar.certificate.der());
  seed("certificate", "root", world.owner_ca.certificate.der());
  seed("certificate", "bundle", world.device.certificate.pem() + "# text\n" + world.owner_ca.certificate.pem());
  seed("public_key", "p256", key.public_key().spki());
  seed("public_key", "pem", key.public_key().pem());
  seed("public_key", "point", must(key.public_key().ec_point()));
  const auto signature = must(key.sign(Bytes(3, 1)));
  seed("public_key", "signature", signature);
  seed("public_key", "signature-fixed", must(crypto::ecdsa_der_to_fixed(signature, crypto::KeyAlgorithm::ec_p256)));
  seed("public_key", "p384", must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p384)).public_key().spki());
  seed("public_key", "rsa", must(crypto::SoftwareKey::generate(crypto::KeyType::rsa_2048)).public_key().spki());
  seed("public_key", "ed25519", must(crypto::SoftwareKey::generate(crypto::KeyType::ed25519)).public_key().spki());

  const auto fresh = must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  const est::ChannelBinding binding{est::BindingKind::tls_exporter, Bytes(32, 0x5a)};
  const auto csr = must(est::build_request({.subject = {.common_name = "d", .serial_number = "00-D0-E5-F2-00-02"},
                                            .alt_names = {.dns = {"d.example.com"}}},
                                           {}, binding, fresh));
  const auto again = must(est::build_request(est::renew_wish(world.device.certificate), {}, std::nullopt, key));
  seed("csr", "bound", csr.der());
  seed("csr", "renewal", again.der());
  seed("csr", "pem", csr.pem());
  const std::vector certificates = {world.registrar.certificate, world.owner_ca.certificate};
  const auto certs_only = must(crypto::cms::encode_certs_only(certificates));
  seed("est_body", "csr", est::encode_body(csr.der()));
  seed("est_body", "pem", csr.pem());
  seed("est_body", "certs", must(est::encode_certs(certificates)));
  seed("est_body", "binding", est::challenge_password(binding));
  seed("est_body", "bare-der", certs_only);
  seed("cms", "certs-only", certs_only);
  const Bytes content = to_bytes("content");
  const auto& signer = world.registrar;
  seed("cms", "data", must(crypto::cms::sign(content, crypto::cms::kIdData, signer.certificate, signer.key)));
  seed("cms", "voucher-by-key-id",
       must(crypto::cms::sign(content, crypto::cms::kIdAnimaJsonVoucher, signer.certificate, signer.key, certificates,
                              {.by_subject_key_id = true})));
}

void revocation_seeds() {
  namespace ocsp = crypto::ocsp;
  const auto& world = test::brski_world();
  const auto& ca = world.owner_ca;
  const auto entry = [&](std::string serial, crypto::RevocationReason reason) {
    return crypto::CrlEntry{std::move(serial), {world.now, reason}};
  };
  const std::vector entries = {entry("0a", {}), entry("ff01", crypto::RevocationReason::key_compromise)};
  crypto::CrlProfile profile{.number = 7, .this_update = world.now, .next_update = world.now + std::chrono::hours(1)};
  seed("crl", "empty-list", must(crypto::build_crl(profile, {}, ca.certificate, ca.key)));
  seed("crl", "entries", must(crypto::build_crl(profile, entries, ca.certificate, ca.key)));
  profile.distribution_point = "http://pki.example.com/ca.crl", profile.only_user_certificates = true;
  profile.next_update = *parse_rfc3339("2050-01-01T00:00:00Z");
  seed("crl", "scoped", must(crypto::build_crl(profile, entries, ca.certificate, ca.key)));
  seed("crl", "spoilt", std::string_view("\x01\x00\x00\x28\x04", 5));

  const std::vector ids = {ocsp::CertId::of(world.registrar.certificate, ca.certificate),
                           ocsp::CertId::of_serial("0a", ca.certificate, ocsp::CertIdHash::sha256)};
  const Bytes nonce(16, 0x5a);
  const std::vector<ocsp::SingleResponse> singles = {
      {ids[0], ocsp::CertificateState::good, {}, world.now, world.now + std::chrono::hours(1)},
      {ids[1], ocsp::CertificateState::revoked, entries[1].revocation, world.now, {}}};
  seed("ocsp", "request", must(ocsp::encode_request(std::span(ids).first(1))));
  seed("ocsp", "request-nonce", must(ocsp::encode_request(ids, nonce)));
  seed("ocsp", "path", ocsp::encode_get_path(must(ocsp::encode_request(ids))));
  seed("ocsp", "response", must(ocsp::build_response({ca.certificate, ca.certificate, &ca.key}, singles, world.now)));
  seed("ocsp", "unauthorized", ocsp::encode_error_response(ocsp::ResponseStatus::unauthorized));
  seed("ocsp", "spoilt", std::string_view("\x01\x00\x00\x28\x04", 5));
}

void voucher_seeds() {
  for (const auto profile : {WireProfile::strict, WireProfile::lenient}) {
    const auto& session = good_session(profile);
    const std::string tail = profile == WireProfile::strict ? "" : "-lenient";
    seed("voucher_envelope", "pledge-request" + tail, session.pvr.body);
    seed("voucher_envelope", "registrar-request" + tail, session.rvr);
    seed("voucher_envelope", "voucher" + tail, session.made.body);
    seed("cms", "pledge-request" + tail, session.pvr.body);
    const auto opened = voucher::open_signed(session.pvr.body, voucher::Artifact::pledge_request, profile);
    seed("voucher_content", "pledge-request" + tail, opened.artifact->content);
    seed("voucher_content", "voucher" + tail, as_bytes(voucher::encode_voucher(session.made.content)));
  }
  seed("voucher_envelope", "base64", base64_encode(good_session(WireProfile::lenient).made.body));
  seed("voucher_envelope", "jws", R"({"payload":"e30","signatures":[]})");
  seed("voucher_content", "nonceless",
       R"({"ietf-voucher:voucher":{"created-on":"2026-06-01T12:00:00Z","expires-on":"2026-06-15","assertion":"logged",)"
       R"("serial-number":"00-D0-E5-F2-00-02","domain-cert-revocation-checks":"true",)"
       R"("ietf-voucher:pinned-domain-pubk-sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}})");
}

/// What a real ovsdb-server says to a session that has asked for all (see fuzz_ovsdb.cpp), and contents by themselves.
void ovsdb_seeds() {
  const std::string port = "550e8400-e29b-41d4-a716-446655440000", interface = "36bf8d9e-8a5c-4d07-9a11-0a5c3a3c1e00";
  const std::string root = R"("Open_vSwitch":{"8f06d4cb-e2b4-4566-a7e9-a29649cc6371":{)";
  const std::string p1 = R"("Port":{")" + port + R"(":{)";
  const std::string first =
      R"({"id":4,"result":{)" + root +
          R"("new":{"next_cfg":1,"cur_cfg":0,"ovs_version":["set",[]],"external_ids":["map",[]]}}},)" +
      p1 + R"("new":{"name":"p1","protected":false,"tag":["set",[]],"interfaces":["uuid",")" + interface +
      R"("],"external_ids":["map",[]]}}}},"error":null})";
  seed("ovsdb", "monitor",
       first + R"({"id":null,"method":"update","params":["m",{)" + p1 +
           R"("new":{"name":"p1","protected":false,"tag":42,)" +
           R"("interfaces":["uuid",")" + interface + R"("],"external_ids":["map",[["a","b"]]]},)" +
           R"("old":{"tag":["set",[]],"external_ids":["map",[]]}}}}]})");
  seed("ovsdb", "monitor-cond",
       R"({"id":5,"result":{)" + root + R"("initial":{}}},)" + p1 +
           R"("initial":{"name":"p1","external_ids":["map",[["a","b"]]]}}}}})" +
           R"({"id":null,"method":"update2","params":["n",{)" + p1 +
           R"("modify":{"tag":42,"external_ids":["map",[["a","c"],["k","v"]]],"interfaces":["uuid",")" + interface +
           R"("]}}}}]}{"id":null,"method":"update2","params":["n",{)" + p1 + R"("delete":null}}}]})");
  seed("ovsdb", "answers",
       R"({"id":1,"result":["Open_vSwitch","_Server"],"error":null}{"id":"echo","method":"echo","params":[]})"
       R"({"id":6,"result":[],"error":null}{"id":7,"result":{"locked":false},"error":null})"
       R"({"id":null,"method":"locked","params":["l"]}{"id":null,"method":"stolen","params":["l"]})");
  seed("ovsdb", "transacted",
       R"({"id":3,"result":[{},{"count":1},{"count":1},{"rows":[{"next_cfg":8}]}],"error":null})");
  seed("ovsdb", "no-such-port",
       R"({"id":3,"result":[{"details":"\"where\" clause test failed","error":"timed out"},null,null,null],)"
       R"("error":null})");
  seed("ovsdb", "commit-failed",
       R"([{},{"count":1},{"count":1},{"rows":[]},{"details":"x","error":"referential integrity violation"}])");
  seed("ovsdb", "refused",
       R"({"id":2,"error":{"syntax":"[\"nope\"]","details":"unknown database nope","error":"unknown database"}})"
       R"({"id":7,"error":"unknown method"})");
  seed("ovsdb", "answered-twice", R"({"id":6,"result":[],"error":null} {"id":6,"result":[],"error":null})");
  seed("ovsdb", "server-asks", R"({"id":1,"method":"transact","params":[]})");
  seed("ovsdb", "schema",
       R"({"name":"Open_vSwitch","version":"8.3.1","tables":{"Port":{"columns":{"name":{"type":"string"},)"
       R"("tag":{"type":{"key":{"type":"integer","minInteger":0,"maxInteger":4095},"min":0,"max":1}},)"
       R"("rate":{"type":"real"},"ids":{"type":{"key":"string","value":"uuid","min":0,"max":"unlimited"}}}}}})");
  seed("ovsdb", "row",
       R"({"name":"p1","tag":42,"rate":-0.5,"up":true,"none":["set",[]],"set":["set",[3,1]],"_uuid":["uuid",")" + port +
           R"("],"new":["named-uuid","row_1"],"ids":["map",[["k","v"],["a","b"]]]})");
  seed("ovsdb", "updates", "{" + p1 + R"("new":{"name":"p1","tag":7},"old":{"tag":["set",[]]}}}})");
}

void radius_seeds() {
  const auto from_hex = [](const std::string& text) { return must(hex_decode(text)); };
  seed("radius", "disconnect", from_hex(radius::test::kRadclientDisconnect));
  seed("radius", "change", from_hex(radius::test::kRadclientCoa));
  seed("radius", "tagged", from_hex(radius::test::kRadclientTagged));
  seed("radius", "accounting", from_hex(radius::test::kRadclientStop));
  seed("radius", "nak", from_hex(radius::test::kHostapdPairs.front().second));
  seed("radius", "filter-rules", from_hex("2b00002d000000000000000000000000000000005c0764656e79005c0a7065726d697420695c05700078010361"));
  seed("radius", "spoilt-flipped", from_hex("0100000401"));
  seed("radius", "spoilt-cut", from_hex("01040014"));
  seed("radius", "mac-address", "00-D0-E5-F2-00-02");
  seed("radius", "ip-address", "::ffff:192.0.2.7");
}

/// hostapd: datagrams behind their lengths, for a monitor and for a list; and one message or one station by itself.
void hostapd_seeds() {
  const auto together = [](std::initializer_list<std::string_view> datagrams) {
    std::string out;
    for (const auto one : datagrams) out += block(one);
    return out;
  };
  const std::string on = "<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02", off = "<3>AP-STA-DISCONNECTED 00:d0:e5:f2:00:02";
  const std::string station =
      "00:d0:e5:f2:00:02\nflags=[AUTHORIZED]\ntimeout_next=NULLFUNC POLL\ndot1xAuthSessionId=FC7EA02E0EEEA82B\n"
      "dot1xAuthSessionTime=61\ndot1xAuthSessionUserName=dock-7\n";
  seed("hostapd", "event", on);
  seed("hostapd", "watched",
       together({"OK\n", on, "<3>CTRL-EVENT-EAP-STARTED 00:d0:e5:f2:00:02", "", off, "PONG\n", ""}));
  seed("hostapd", "terminating", together({"OK\n", on, "<3>CTRL-EVENT-TERMINATING "}));
  seed("hostapd", "silent", together({"OK\n", "", ""}));
  seed("hostapd", "refused", together({"FAIL\n"}));
  seed("hostapd", "station", station);
  seed("hostapd", "forged",
       "00:d0:e5:f2:00:02\nflags=\ndot1xAuthSessionId=FC7EA02E0EEEA82B\ndot1xAuthSessionUserName=x\n"
       "flags=[AUTHORIZED]\n");
  seed("hostapd", "list", together({station, "00:d0:e5:f2:00:03\nflags=\n", ""}));
  seed("hostapd", "list-anew", together({station, "FAIL", station, ""}));
}

/// OpenFlow: a first byte says what the rest is, see the target.
void openflow_seeds() {
  using namespace openflow;
  const auto put = [](std::string_view name, std::string_view choices, ByteView bytes) {
    auto whole = to_bytes(choices);
    whole.insert(whole.end(), bytes.begin(), bytes.end());
    seed("openflow", name, whole);
  };
  const auto message = [](MessageType type, Xid xid, std::string_view body) {
    return must(encode_message(type, xid, must(hex_decode(body))));
  };
  const auto join = [](std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
  };
  // Not connected; then connected, with everything asked: barrier 3, flows 4, ports 5, tables 6, description 7, role
  // 8, echo 9, a bundle from 10 (open) to 14 (end).
  const std::string open{0, 1, 0, 7}, asked{0, 0, static_cast<char>(0xff), 7};
  put("opening", open, join({encode_hello(1), message(MessageType::features_reply, 2, std::string(48, '0'))}));
  put("other-version", open, must(hex_decode("0400001000000001000100080000001e")));
  put("hello-refused", open, encode_hello_failed(1, "no"));
  const std::string port = "00000001002800000200000000010000" "70310000000000000000000000000000" "0000000000000000";
  const std::string entry = "00500a00000000010000000000500000000000000000000000000000000000070000000000000003"
                            "00000000000000c00001000c80000004000000010000000000010008" "14000000" "0005000800000000";
  put("answers", asked,
      join({message(MessageType::echo_request, 99, "00"), message(MessageType::barrier_reply, 3, ""),
            message(MessageType::multipart_reply, 4, "0001000100000000" + entry),
            message(MessageType::port_status, 0, "0000000000000000" + port),
            message(MessageType::multipart_reply, 4, "0001000000000000"),
            message(MessageType::multipart_reply, 5, "000d000000000000" + port),
            message(MessageType::multipart_reply, 6, "000300000000000014" + std::string(46, '0')),
            message(MessageType::role_reply, 8, "00000001000000000000000000000000"),
            message(MessageType::echo_reply, 9, "")}));
  put("committed", asked,
      join({message(MessageType::bundle_control, 10, "0000000100010003"), message(MessageType::barrier_reply, 13, ""),
            message(MessageType::bundle_control, 14, "0000000100050003")}));
  put("discarded", asked,
      join({message(MessageType::bundle_control, 10, "0000000100010003"), message(MessageType::error, 11, "00040009"),
            message(MessageType::barrier_reply, 13, ""), message(MessageType::bundle_control, 14, "0000000100070003")}));
  put("commit-refused", asked,
      join({message(MessageType::bundle_control, 10, "0000000100010003"), message(MessageType::barrier_reply, 13, ""),
            message(MessageType::error, 12, "00050003"), message(MessageType::error, 14, "0011000d")}));
  put("answered-twice", asked,
      join({message(MessageType::barrier_reply, 3, ""), message(MessageType::barrier_reply, 3, "")}));

  Writer all;
  Match match;
  for (const auto& field : fields()) match.add(bytes_value(field.field, Bytes(field.width, 1)));
  write_match(all, match.ct_state(kCtTracked, kCtNew).add(OpaqueField{0x00014204, {0, 0, 0, 5}}));
  put("match", "\x01", all.view());
  Writer does;
  write_instructions(does, {.apply = {Ct{.zone = 1, .recirculate_to = 10}, commit_with_mark(1, 7), PushVlan{},
                                      SetField{number_value(Field::vlan_vid, kVlanPresent | 42)}, PopVlan{},
                                      Output{kPortNormal}, ToController{}, OpaqueAction{22, {0, 0, 0, 1}}},
                            .clear_actions = true,
                            .write = {Conjunction{.id = 1234, .clause = 2, .clauses = 3}},
                            .write_metadata = WriteMetadata{.value = 1, .mask = 3},
                            .goto_table = 20,
                            .opaque = {{6, {0, 0, 0, 1}}}});
  put("instructions", "\x02", does.view());
  const Flow flow{.table = 10,
                  .match = Match().eth_type(kEthIpv4).ip_proto(kIpTcp).ct_state(kCtTracked | kCtNew).tcp_dst(443),
                  .instructions = {.apply = {commit_with_mark(1, 7)}, .goto_table = 20},
                  .cookie = 7};
  put("flow-mod", "\x03", ByteView(must(encode_flow_mod(1, add_flow(flow)))).subspan(kHeaderSize));
  put("remove", "\x03", ByteView(must(encode_flow_mod(1, remove_cookie(7)))).subspan(kHeaderSize));
  put("statistics", "\x04", must(hex_decode(entry + entry)));
  put("error", "\x05", must(hex_decode("00040009052200a800000007")));
  put("removed", "\x05",
      must(hex_decode("00000000000000070050010a000000010000000000000000000000000000000300000000000000c0"
                      "0001000c800000040000000100000000")));
}

/// Sessions: the choices of steering.h, see each target.
void session_seeds() {
  const auto bytes = [](std::initializer_list<int> list) {
    std::string out;
    for (const int one : list) out += static_cast<char>(one);
    return out;
  };
  const std::string flip = bytes({1, 0, 0, 40, 4}), cut = bytes({1, 4, 0, 200});
  seed("registrar_session", "lenient", bytes({1}));
  seed("registrar_session", "request-flipped", bytes({0, 1}) + flip);
  seed("registrar_session", "request-cut", bytes({0, 1}) + cut);
  seed("registrar_session", "content-flipped", bytes({0, 2}) + flip);
  seed("registrar_session", "content-replaced", bytes({0, 3}) + block(R"({"ietf-voucher-request:voucher":{}})"));
  seed("registrar_session", "other-signer", bytes({0, 4, 2, 0}));
  seed("registrar_session", "other-client", bytes({0, 0, 2, 3}));
  seed("registrar_session", "voucher-flipped", bytes({0, 0, 0, 1, 2}) + flip);
  seed("registrar_session", "voucher-replaced", bytes({0, 0, 0, 1, 3}) + block(R"({"ietf-voucher:voucher":{}})"));
  seed("registrar_session", "voucher-by-stranger", bytes({0, 0, 0, 0, 4, 8, 1}));
  seed("masa_session", "lenient", bytes({1, 1, 1, 0}));
  seed("masa_session", "blocked", bytes({0, 0, 0, 7}));
  seed("masa_session", "inner-flipped", bytes({0, 0, 0, 0, 1}) + flip);
  seed("masa_session", "inner-other-signer", bytes({0, 0, 0, 0, 4, 3, 0}));
  seed("masa_session", "no-inner", bytes({0, 1, 0, 0, 0, 1, 0, 2, 0}));
  seed("masa_session", "outer-flipped", bytes({0, 0, 0, 0, 0, 0, 0, 1}) + flip);
  seed("masa_session", "outer-other-chain", bytes({0, 0, 0, 0, 0, 0, 1, 1, 4, 0, 1}));
  seed("pledge_session", "lenient", bytes({1, 1, 1}));
  seed("pledge_session", "other-server", bytes({0, 0, 0, 2, 0}));
  seed("pledge_session", "voucher-flipped", bytes({0, 0, 0, 0, 1}) + flip);
  seed("pledge_session", "content-flipped", bytes({0, 0, 0, 0, 2}) + flip);
  seed("pledge_session", "by-owner", bytes({0, 0, 0, 0, 4, 9, 0}));
  seed("est_session", "renewal", bytes({1, 1, 0, 0, 0, 3, 0}));
  seed("est_session", "asked-flipped", bytes({0, 1, 0}) + flip);
  seed("est_session", "named", bytes({0, 0, 0, 0, 1}) + block("device"));
  seed("est_session", "idevid-key", bytes({0, 1, 0, 0, 0, 3, 3}));
  seed("est_session", "csr-flipped", bytes({0, 0, 0, 0, 0, 0, 0}) + flip);
  seed("est_session", "answer-flipped", bytes({0, 0, 0, 0, 0, 0, 0, 0}) + flip);
}

}  // namespace

TEST_CASE("fuzz: make the seeds anew", "[.][.fuzz-seeds]") {
  for (const auto& target : targets()) {
    seed(target.name, "empty", "");
    seed(target.name, "one-byte", "0");
  }
  plain_seeds();
  field_seeds();
  http_seeds();
  der_seeds();
  certificate_seeds();
  revocation_seeds();
  voucher_seeds();
  radius_seeds();
  hostapd_seeds();
  ovsdb_seeds();
  openflow_seeds();
  session_seeds();
  for (const auto& target : targets()) CHECK(corpus_files(target.name).size() >= 5);
}
