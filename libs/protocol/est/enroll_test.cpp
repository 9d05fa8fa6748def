// Both sides of enrolment against each other, and our server against requests that the openssl program makes.
#include "libs/protocol/est/enroll.h"

#include <stdlib.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/enroll_client.h"
#include "libs/protocol/est/reasons.h"

using namespace pratique;
using namespace pratique::est;
using crypto::KeyType;
using crypto::SoftwareKey;

namespace {

const Timestamp kFrom = *parse_rfc3339("2026-01-01T00:00:00Z");
const Timestamp kUntil = *parse_rfc3339("2027-01-01T00:00:00Z");
const Timestamp kNow = *parse_rfc3339("2026-06-01T00:00:00Z");
const ChannelBinding kUnique{BindingKind::tls_unique, Bytes(12, 0xa5)};
const ChannelBinding kExporter{BindingKind::tls_exporter, Bytes(32, 0x5a)};

SoftwareKey make_key(KeyType type = KeyType::ec_p256) { return *SoftwareKey::generate(type); }

// subjectAltName otherName, as the ACP asks for (RFC 8994): bytes that only a copying client gets right.
crypto::Extension acp_name() {
  const Bytes text = der::element(der::kIa5String, as_bytes("x@acp.example.com"));
  const Bytes other_name =
      der::element_of(der::context(0), {*der::oid("1.3.6.1.5.5.7.8.10"), der::element(der::context(0), text)});
  return {std::string(crypto::oid::kSubjectAltName), true, der::element(der::kSequence, other_name)};
}

// A CA, and a device with an IDevID key that holds a certificate of it.
struct World {
  PredictableRandom random{7};
  SoftwareKey ca_key = make_key(), idevid_key = make_key(), key = make_key();
  crypto::Certificate ca = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Example CA"}, kFrom, kUntil), ca_key, random);
  crypto::Certificate idevid = issue({.serial_number = "00-D0-E5-F2-00-02"}, {}, idevid_key.public_key());

  crypto::Certificate issue(crypto::Name subject, crypto::SubjectAltNames names, const crypto::PublicKey& holder) {
    crypto::CertificateProfile profile;
    profile.subject = std::move(subject);
    profile.alt_names = std::move(names);
    profile.not_before = kFrom;
    profile.not_after = kUntil;
    return *crypto::issue_certificate(profile, holder, ca, ca_key, random);
  }
};

Verdict judge(const crypto::Csr& csr, EnrollFacts facts = {}) { return judge_enroll(csr, facts); }

bool only(const Verdict& verdict, std::string_view code) {
  return verdict.findings().size() == 1 && verdict.refused_for(code);
}
bool noted(const Verdict& verdict, std::string_view code) {
  return std::ranges::any_of(verdict.notes(), [code](const Finding& note) { return note.code == code; });
}

crypto::Csr plain(const crypto::Signer& key) { return *crypto::make_csr({.subject = {.common_name = "dock-7"}}, key); }

// What `openssl req …` writes, PEM, or "" when the program is missing.
std::string openssl_request(const std::string& arguments, const std::string& challenge = "") {
  char folder[] = "/tmp/pqeXXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string config = std::string(folder) + "/c", key = std::string(folder) + "/k";
  std::ofstream(config) << "[req]\nprompt=no\ndistinguished_name=dn\n"
                        << (challenge.empty() ? "" : "attributes=a\n") << "[dn]\nCN=dock-7\n[a]\nchallengePassword="
                        << (challenge.empty() ? "unused" : challenge) << "\n";
  const std::string command = "openssl req -new -nodes -config " + config + " -keyout " + key + " " + arguments;
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) out.push_back(static_cast<char>(c));
  pclose(pipe);
  for (const auto& path : {config, key, std::string(folder)}) std::remove(path.c_str());
  return out;
}

}  // namespace

TEST_CASE("a plain request is accepted, whatever the connection", "[protocol][est]") {
  World world;
  const auto csr = plain(world.key);
  CHECK(judge(csr).accepted());
  CHECK(judge(csr, {.presented = world.idevid, .bindings = {kUnique}}).accepted());
  const auto read = read_request(encode_body(csr.der()));
  REQUIRE(read);
  CHECK(read->der() == csr.der());
  CHECK(read_request(csr.pem()));
}

TEST_CASE("a body that is no request is an error", "[protocol][est]") {
  World world;
  const auto reason = [](std::string_view body) {
    const auto result = read_request(body);
    return result ? "accepted" : result.error().reason;
  };
  CHECK(reason("") == reason::kBodyEmpty);
  CHECK(reason("%%%") == reason::kBodyNotBase64);
  CHECK(reason(encode_body(world.ca.der())) == reason::kCsrUndecodable);  // nqminds' self-signed certificate
  Bytes trailing = plain(world.key).der();
  trailing.push_back(0);
  CHECK(reason(encode_body(trailing)) == reason::kCsrUndecodable);
  CHECK(reason(std::string(max_body(kMaxRequestDer) + 1, 'A')) == reason::kBodyTooLarge);
}

TEST_CASE("a request that its key did not sign is refused", "[protocol][est]") {
  World world;
  Bytes der = plain(world.key).der();
  der[der.size() - 1] ^= 1;
  const auto forged = crypto::Csr::parse_der(der);
  REQUIRE(forged);
  CHECK(only(judge(*forged), reason::kSignatureInvalid));

  // Somebody else's key under our name: the subject is changed after signing.
  Bytes renamed = plain(world.key).der();
  const std::string name = "dock-7";
  const auto at = std::ranges::search(renamed, as_bytes(name)).begin();
  REQUIRE(at != renamed.end());
  *at = 'X';
  CHECK(only(judge(*crypto::Csr::parse_der(renamed)), reason::kSignatureInvalid));
}

TEST_CASE("the channel binding is checked when there is one", "[protocol][est]") {
  World world;
  const auto bound = [&](const ChannelBinding& binding) {
    return *build_request({.subject = {.common_name = "dock-7"}}, {}, binding, world.key);
  };
  CHECK(judge(bound(kUnique), {.bindings = {kUnique}, .binding_required = true}).accepted());
  CHECK(judge(bound(kExporter), {.bindings = {kUnique, kExporter}, .binding_required = true}).accepted());
  CHECK(only(judge(bound(kUnique), {.bindings = {kExporter}}), reason::kBindingMismatch));
  CHECK(only(judge(bound({BindingKind::tls_unique, Bytes(12, 0xa4)}), {.bindings = {kUnique}}),
             reason::kBindingMismatch));
  CHECK(only(judge(plain(world.key), {.bindings = {kUnique}, .binding_required = true}), reason::kBindingMissing));
  CHECK(only(judge(bound(kUnique), {.binding_required = true}), reason::kBindingMissing));
  const Verdict unchecked = judge(bound(kUnique), {});
  CHECK(unchecked.accepted());
  CHECK(noted(unchecked, reason::kBindingUnchecked));
  const Verdict ignored = judge(plain(world.key), {.bindings = {kUnique}, .asked = {.challenge_password = true}});
  CHECK(ignored.accepted());
  CHECK(noted(ignored, reason::kBindingUnchecked));

  CHECK(matches(challenge_password(kUnique) + "\n", {&kUnique, 1}));
  CHECK_FALSE(matches("", {&kUnique, 1}));
  CHECK_FALSE(matches("not base64!", {&kUnique, 1}));
  const ChannelBinding nothing{BindingKind::tls_unique, {}};
  CHECK_FALSE(matches("", {&nothing, 1}));
}

TEST_CASE("the key of a certificate is fresh", "[protocol][est]") {
  World world;
  CHECK(only(judge(plain(world.idevid_key), {.presented = world.idevid}), reason::kKeyReused));
  CHECK(judge(plain(world.key), {.presented = world.idevid}).accepted());
  CHECK(only(judge(plain(world.key), {.barred_keys = {world.key.public_key()}}), reason::kKeyReused));

  const auto ldevid = world.issue({.common_name = "dock-7"}, {}, world.key.public_key());
  const auto again = *build_request(renew_wish(ldevid), {}, std::nullopt, world.key);
  CHECK(judge(again, {.presented = ldevid, .renewal = true}).accepted());
  CHECK(only(judge(again, {.presented = ldevid, .renewal = true, .renewal_may_keep_key = false}), reason::kKeyReused));
  const auto with_idevid_key = *build_request(renew_wish(ldevid), {}, std::nullopt, world.idevid_key);
  CHECK(only(judge(with_idevid_key,
                   {.presented = ldevid, .renewal = true, .barred_keys = {world.idevid.public_key()}}),
             reason::kKeyReused));
}

TEST_CASE("a key is not fresh because its certificate spells it otherwise", "[protocol][est]") {
  World world;
  // The IDevID of a maker who writes compressed points; the request spells the same key in the usual way.
  const Bytes point = *world.idevid_key.public_key().ec_point();
  Bytes spki = *hex_decode("3039301306072a8648ce3d020106082a8648ce3d030107032200");
  spki.push_back(point.back() % 2 == 0 ? 0x02 : 0x03);
  spki.insert(spki.end(), point.begin() + 1, point.begin() + 33);
  const auto compressed = crypto::PublicKey::parse_spki(spki);
  REQUIRE(compressed);
  const auto idevid = world.issue({.serial_number = "00-D0-E5-F2-00-02"}, {}, *compressed);
  REQUIRE(idevid.public_key().spki() == spki);
  CHECK(only(judge(plain(world.idevid_key), {.presented = idevid}), reason::kKeyReused));
  CHECK(only(judge(plain(world.idevid_key), {.barred_keys = {idevid.public_key()}}), reason::kKeyReused));
  CHECK(judge(plain(world.key), {.presented = idevid, .barred_keys = {idevid.public_key()}}).accepted());
}

TEST_CASE("the key is of the kind that was asked for", "[protocol][est]") {
  World world;
  const CsrAttrs asked{.keys = {key_request(KeyType::ec_p384)}};
  CHECK(only(judge(plain(world.key), {.asked = asked}), reason::kKeyTypeNotAsked));
  CHECK(judge(plain(make_key(KeyType::ec_p384)), {.asked = asked}).accepted());
  const auto refused = build_request({.subject = {.common_name = "x"}}, asked, std::nullopt, world.key);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == reason::kKeyTypeNotAsked);
}

TEST_CASE("a strong signature that was not asked for is noted", "[protocol][est]") {
  World world;
  const std::string ecdsa_with_sha384 = "1.2.840.10045.4.3.3";
  const Verdict other = judge(plain(world.key), {.asked = {.signature_algorithms = {ecdsa_with_sha384}}});
  CHECK(other.accepted());
  CHECK(noted(other, reason::kSignatureNotAsked));
  const auto p384 = make_key(KeyType::ec_p384);
  const Verdict same = judge(plain(p384), {.asked = {.signature_algorithms = {ecdsa_with_sha384}}});
  CHECK_FALSE(noted(same, reason::kSignatureNotAsked));
}

TEST_CASE("extensions are copied by the client and checked by the server", "[protocol][est]") {
  World world;
  const CsrAttrs asked{.extensions = {acp_name()}};
  RequestWish wish{.subject = {.common_name = "dock-7"}, .alt_names = {.dns = {"dock-7.example.com"}}};
  const auto copied = build_request(wish, asked, std::nullopt, world.key);
  REQUIRE(copied);
  REQUIRE(copied->requested_extensions().size() == 1);  // the server's name, not the client's own
  CHECK(copied->requested_extensions()[0] == acp_name());
  CHECK(judge(*copied, {.asked = asked}).accepted());

  CHECK(only(judge(plain(world.key), {.asked = asked}), reason::kExtensionMissing));
  const auto own = *build_request(wish, {}, std::nullopt, world.key);
  CHECK(only(judge(own, {.asked = asked}), reason::kExtensionDiffers));
  CsrAttrs soft = asked;
  soft.extensions[0].critical = false;
  const Verdict verdict = judge(*copied, {.asked = soft});
  CHECK(verdict.accepted());
  CHECK(noted(verdict, reason::kExtensionCriticality));
  const Verdict named = judge(plain(world.key), {.asked = {.named_extensions = {"2.5.29.17"}}});
  CHECK(named.accepted());
  CHECK(noted(named, reason::kNamedExtensionMissing));
}

TEST_CASE("renewal repeats subject and names byte for byte", "[protocol][est]") {
  World world;
  const auto ldevid = world.issue({.common_name = "dock-7"}, {.dns = {"dock-7.example.com"}}, world.key.public_key());
  const auto fresh = make_key();
  const EnrollFacts facts{.presented = ldevid, .renewal = true};
  CHECK(judge(*build_request(renew_wish(ldevid), {}, std::nullopt, fresh), facts).accepted());

  RequestWish other_subject = renew_wish(ldevid);
  other_subject.subject_der.clear();
  other_subject.subject = {.common_name = "dock-8"};
  CHECK(only(judge(*build_request(other_subject, {}, std::nullopt, fresh), facts), reason::kSubjectDiffers));
  RequestWish other_name = renew_wish(ldevid);
  other_name.extensions.clear();
  other_name.alt_names = {.dns = {"dock-8.example.com"}};
  CHECK(only(judge(*build_request(other_name, {}, std::nullopt, fresh), facts), reason::kAltNameDiffers));
  RequestWish no_name = renew_wish(ldevid);
  no_name.extensions.clear();
  CHECK(only(judge(*build_request(no_name, {}, std::nullopt, fresh), facts), reason::kAltNameDiffers));
  CHECK(only(judge(plain(fresh), {.renewal = true}), reason::kCertificateNotPresented));
}

TEST_CASE("requests of the openssl program", "[protocol][est]") {
  const auto request = [](const std::string& arguments, const std::string& challenge = "") {
    const auto csr = read_request(openssl_request(arguments, challenge));
    REQUIRE(csr);
    return *csr;
  };
  if (openssl_request("-newkey ec -pkeyopt ec_paramgen_curve:P-256").empty()) {
    WARN("skipped: the openssl program is missing");
    return;
  }
  const std::string p256 = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 ";
  CHECK(judge(request(p256)).accepted());
  CHECK(judge(request("-newkey rsa:2048")).accepted());
  CHECK(judge(request("-newkey ed25519")).accepted());
  CHECK(judge(request("-newkey rsa:2048 -sha256 -sigopt rsa_padding_mode:pss")).accepted());
  CHECK(judge(request(p256 + "-addext subjectAltName=DNS:dock-7.example.com -addext basicConstraints=CA:FALSE -addext "
                             "keyUsage=digitalSignature")).accepted());
  const auto bound = request(p256, challenge_password(kExporter));
  CHECK(judge(bound, {.bindings = {kExporter}, .binding_required = true}).accepted());

  CHECK(only(judge(request(p256, "rEpLaYeD"), {.bindings = {kExporter}}), reason::kBindingMismatch));
  CHECK(judge(request(p256 + "-sha1")).refused_for(reason::kSignatureWeak));
  CHECK(judge(request("-newkey rsa:2048 -sha1 -sigopt rsa_padding_mode:pss")).refused_for(reason::kSignatureWeak));
  CHECK(judge(request("-newkey rsa:1024")).refused_for(reason::kKeyWeak));
  CHECK(judge(request("-newkey ec -pkeyopt ec_paramgen_curve:secp256k1")).refused_for(reason::kKeyWeak));
  CHECK(only(judge(request(p256 + "-addext basicConstraints=critical,CA:TRUE")), reason::kAsksForCa));
  CHECK(only(judge(request(p256 + "-addext keyUsage=keyCertSign")), reason::kAsksForCa));
  CHECK(only(judge(request(p256 + "-addext keyUsage=cRLSign")), reason::kAsksForCa));
}

TEST_CASE("a request of another implementation", "[protocol][est][vectors]") {
  if (std::getenv("PRATIQUE_VECTORS") == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  const std::string folder = std::string(std::getenv("PRATIQUE_VECTORS")) + "/brski/est-csrattrs/";
  std::ifstream in(folder + "csr_bulb1.der", std::ios::binary);
  const std::string der{std::istreambuf_iterator<char>(in), {}};
  const auto csr = read_request(encode_body(as_bytes(der)));
  REQUIRE(csr);
  CHECK(csr->subject_serial_number() == "00-D0-E5-F2-00-01");
  CHECK(judge(*csr).accepted());
}

TEST_CASE("the client takes the certificate for its key, and asks who signed it", "[protocol][est]") {
  World world;
  const auto ours = world.issue({.common_name = "dock-7"}, {}, world.key.public_key());
  const auto options = crypto::ChainOptions(kNow);
  const std::vector<crypto::Certificate> anchors{world.ca};
  const auto body = [](std::vector<crypto::Certificate> certificates) { return *encode_certs(certificates); };
  const auto reason = [&](const std::string& text) {
    const auto result = read_enrolled(text, world.key.public_key());
    return result ? "accepted" : result.error().reason;
  };

  const auto enrolled = read_enrolled(body({ours}), world.key.public_key());
  REQUIRE(enrolled);
  CHECK(enrolled->certificate == ours);
  CHECK(judge_enrolled(*enrolled, anchors, options).accepted());
  const auto with_chain = read_enrolled(body({world.ca, ours, world.ca}), world.key.public_key());
  REQUIRE(with_chain);
  CHECK(with_chain->certificate == ours);

  CHECK(reason(body({world.idevid})) == "EST_CERTIFICATE_NOT_OURS");
  CHECK(reason(body({ours, world.issue({.common_name = "dock-8"}, {}, world.key.public_key())})) ==
        "EST_CERTIFICATE_AMBIGUOUS");
  CHECK(reason(encode_body(ours.der())) == "CERTS_ONLY_INVALID");
  CHECK(reason("") == reason::kBodyEmpty);

  World stranger;
  const auto foreign = stranger.issue({.common_name = "dock-7"}, {}, world.key.public_key());
  const auto theirs = read_enrolled(body({foreign, stranger.ca}), world.key.public_key());
  REQUIRE(theirs);
  CHECK_FALSE(judge_enrolled(*theirs, anchors, options).accepted());
  CHECK_FALSE(judge_enrolled(*enrolled, anchors, crypto::ChainOptions(kUntil + std::chrono::hours(1))).accepted());
}

TEST_CASE("cacerts go both ways", "[protocol][est]") {
  World world;
  const std::vector<crypto::Certificate> cas{world.ca, world.idevid};
  const auto body = encode_certs(cas);
  REQUIRE(body);
  CHECK_FALSE(body->contains('\n'));
  const auto read = parse_certs(*body);
  REQUIRE(read);
  CHECK(*read == cas);
  CHECK_FALSE(parse_certs(body->substr(0, body->size() - 8)));
  CHECK_FALSE(parse_certs("<html>not found</html>"));
}
