#include "libs/protocol/est/csrattrs.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::est;

namespace {

const std::string kEc = "1.2.840.10045.2.1", kP384 = "1.3.132.0.34", kP521 = "1.3.132.0.35";

// The DER of a third-party example: base64 text, or DER as it is.
Bytes vector_named(const std::string& name) {
  std::ifstream in(std::string(std::getenv("PRATIQUE_VECTORS")) + "/brski/est-csrattrs/" + name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (name.ends_with(".b64")) return base64_decode_lenient(text).value_or({});
  return to_bytes(text);
}

std::string reason_of(ByteView der) {
  const auto result = parse_csrattrs(der);
  return result ? "accepted" : result.error().reason + ": " + result.error().message;
}

Bytes entry(const std::string& name, std::vector<Bytes> values) {
  return der::element_of(der::kSequence, {*der::oid(name), der::set_of(std::move(values))});
}
Bytes attrs_of(const std::vector<Bytes>& entries) { return der::element_of(der::kSequence, entries); }
Bytes extension_der(const std::string& name, const Bytes& value) {
  return der::element_of(der::kSequence, {*der::oid(name), der::element(der::kOctetString, value)});
}

CsrAttrs acp() {
  CsrAttrs attrs;
  attrs.challenge_password = true;
  attrs.keys = {key_request(crypto::KeyType::ec_p384), key_request(crypto::KeyType::rsa_3072),
                key_request(crypto::KeyType::ed25519)};
  attrs.extensions = {{"2.5.29.17", true, to_bytes("any bytes")}, {"2.5.29.37", false, to_bytes("others")}};
  attrs.signature_algorithms = {"1.2.840.10045.4.3.3"};
  attrs.others = {{"2.5.4.5", {}}, {"1.2.3", {der::integer(7)}}};
  return attrs;
}

}  // namespace

TEST_CASE("CSR attributes of other implementations are understood", "[protocol][est][vectors]") {
  if (std::getenv("PRATIQUE_VECTORS") == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  SECTION("RFC 7030 section 4.5.2") {
    const auto attrs = parse_csrattrs(vector_named("rfc7030.csr"));
    REQUIRE(attrs);
    CHECK(attrs->challenge_password);
    CHECK(attrs->keys == std::vector<KeyRequest>{{kEc, kP384}});
    CHECK(attrs->named_extensions == std::vector<std::string>{"1.3.6.1.1.1.1.22"});
    CHECK(attrs->signature_algorithms == std::vector<std::string>{"1.2.840.10045.4.3.3"});
    CHECK(*choose_key_type(*attrs) == crypto::KeyType::ec_p384);
  }
  SECTION("bare names and attributes mixed") {
    const auto attrs = parse_csrattrs(vector_named("rfc7030-example01.csrattr.b64"));
    REQUIRE(attrs);
    CHECK(attrs->challenge_password);
    REQUIRE(attrs->others.size() == 1);
    CHECK(attrs->others[0].oid == "1.3.6.1.1.1.1.22");
    CHECK(attrs->others[0].values.empty());
    const auto potato = parse_csrattrs(vector_named("potato-example.csrattr.b64"));
    REQUIRE(potato);
    CHECK(potato->keys == std::vector<KeyRequest>{{kEc, kP521}});
    CHECK(potato->others.size() == 3);
  }
  SECTION("RSA of 4096 bits is asked for by an INTEGER") {
    const auto attrs = parse_csrattrs(vector_named("harkins01.csrattr.b64"));
    REQUIRE(attrs);
    CHECK(attrs->keys == std::vector<KeyRequest>{key_request(crypto::KeyType::rsa_4096)});
    CHECK(*choose_key_type(*attrs) == crypto::KeyType::rsa_4096);
    CHECK(parse_csrattrs(vector_named("harkins02.csrattr.b64"))->keys == std::vector<KeyRequest>{{kEc, kP384}});
  }
  SECTION("bare names inside an extensionRequest") {
    const auto attrs = parse_csrattrs(vector_named("harkins03.csrattr.b64"));
    REQUIRE(attrs);
    CHECK(attrs->named_extensions.size() == 3);
    CHECK(attrs->extensions.empty());
  }
  SECTION("an extension with its value") {
    for (const auto* name : {"realistic-acp.csrattr.b64", "csrattr_example02.der"}) {
      const Bytes der = vector_named(name);
      const auto attrs = parse_csrattrs(der);
      REQUIRE(attrs);
      REQUIRE(attrs->extensions.size() == 1);
      CHECK(attrs->extensions[0].oid == crypto::oid::kSubjectAltName);
      CHECK(attrs->extensions[0].critical);
      CHECK(hex_encode(attrs->extensions[0].value).starts_with("3049a04706082b0601050507080a"));
      CHECK(*encode_csrattrs(*attrs) == der);  // and we write it as they do
    }
  }
  SECTION("a malformed extensionRequest is refused with its place") {
    CHECK(reason_of(vector_named("example01.acp.csrattr.b64")).starts_with("EST_CSRATTRS_INVALID: "));
  }
}

TEST_CASE("CSR attributes go both ways", "[protocol][est]") {
  const CsrAttrs before = acp();
  const auto der = encode_csrattrs(before);
  REQUIRE(der);
  const auto after = parse_csrattrs(*der);
  REQUIRE(after);
  CHECK(after->challenge_password);
  CHECK(after->keys == before.keys);
  CHECK(after->extensions == before.extensions);
  CHECK(after->signature_algorithms == before.signature_algorithms);
  REQUIRE(after->others.size() == 2);
  CHECK(after->others[1].values == before.others[1].values);
  CHECK(after->named_extensions.empty());
  CHECK_FALSE(after->empty());

  CHECK(hex_encode(*encode_csrattrs({})) == "3000");
  CHECK(parse_csrattrs(Bytes{0x30, 0x00})->empty());
  CHECK_FALSE(encode_csrattrs({.named_extensions = {"2.5.29.17"}}));
  CHECK_FALSE(encode_csrattrs({.signature_algorithms = {"not an OID"}}));
}

TEST_CASE("malformed CSR attributes are refused with a reason", "[protocol][est]") {
  const std::string request(crypto::oid::kExtensionRequest);
  CHECK(reason_of({}).starts_with("EST_CSRATTRS_INVALID"));
  CHECK(reason_of(Bytes{0x31, 0x00}).contains("expected CsrAttrs"));
  CHECK(reason_of(Bytes{0x30, 0x00, 0x00}).contains("bytes after CsrAttrs"));
  CHECK(reason_of(attrs_of({der::integer(1)})).contains("expected a name or an attribute"));
  CHECK(reason_of(attrs_of({der::element_of(der::kSequence, {*der::oid("1.2.3")})}))
            .contains("the values of an attribute"));
  CHECK(reason_of(attrs_of({entry("1.2.840.113549.1.1.1", {der::integer(0)})})).contains("not a size"));
  CHECK(reason_of(attrs_of({entry("1.2.840.113549.1.1.1", {der::integer(1 << 20)})})).contains("not a size"));
  CHECK(reason_of(attrs_of({entry(kEc, {der::integer(384)})})).contains("expected a curve"));
  CHECK(reason_of(attrs_of({entry(request, {der::integer(1)})})).contains("neither extensions nor a name"));
  const Bytes one = extension_der("2.5.29.17", {1}), two = extension_der("2.5.29.17", {2});
  CHECK(reason_of(attrs_of({entry(request, {der::element_of(der::kSequence, {one, two})})})).contains("stands twice"));
  CHECK(reason_of(attrs_of({entry(request, {one})})).contains("expected an extension"));

  CHECK(reason_of(attrs_of(std::vector<Bytes>(kMaxCsrAttrs, *der::oid("2.5.4.5")))) == "accepted");
  CHECK(reason_of(attrs_of(std::vector<Bytes>(kMaxCsrAttrs + 1, *der::oid("2.5.4.5")))).contains("more than 64"));
  CHECK(reason_of(attrs_of({entry("1.2.3", std::vector<Bytes>(kMaxAttributeValues + 1, der::integer(1)))}))
            .contains("too many values"));
  CHECK(reason_of(Bytes(kMaxCsrAttrsDer + 1, 0x30)).starts_with("EST_CSRATTRS_TOO_LARGE"));
}

TEST_CASE("no cut and no changed byte of CSR attributes does harm", "[protocol][est]") {
  const Bytes good = *encode_csrattrs(acp());
  for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(parse_csrattrs(ByteView(good).first(cut)));
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const int value : {0x00, 0x01, 0x30, 0x31, 0x7f, 0x80, 0x84, 0xff}) {
      Bytes changed = good;
      changed[at] = static_cast<std::uint8_t>(value);
      if (const auto attrs = parse_csrattrs(changed); attrs && attrs->named_extensions.empty())
        REQUIRE(encode_csrattrs(*attrs));  // whatever is read can be written
    }
}

TEST_CASE("keys are measured against what was asked", "[protocol][est]") {
  using crypto::KeyType;
  const auto p256 = crypto::SoftwareKey::generate(KeyType::ec_p256);
  const auto rsa = crypto::SoftwareKey::generate(KeyType::rsa_2048);
  REQUIRE(p256);
  REQUIRE(rsa);
  const auto fits = [](const auto& key, std::vector<KeyRequest> asked) { return satisfies(key->public_key(), asked); };
  CHECK(fits(p256, {}));
  CHECK(fits(p256, {key_request(KeyType::ec_p256)}));
  CHECK(fits(p256, {{kEc}}));
  CHECK(fits(p256, {key_request(KeyType::rsa_2048), key_request(KeyType::ec_p256)}));
  CHECK_FALSE(fits(p256, {key_request(KeyType::ec_p384)}));
  CHECK_FALSE(fits(p256, {key_request(KeyType::rsa_2048)}));
  CHECK_FALSE(fits(p256, {key_request(KeyType::ed25519)}));
  CHECK(fits(rsa, {key_request(KeyType::rsa_2048)}));
  CHECK(fits(rsa, {{"1.2.840.113549.1.1.1", "", 1024}}));
  CHECK_FALSE(fits(rsa, {key_request(KeyType::rsa_3072)}));

  CHECK(*choose_key_type({}) == KeyType::ec_p256);
  CHECK(*choose_key_type({.keys = {{kEc, "1.2.3"}, key_request(KeyType::ed25519)}}) == KeyType::ed25519);
  CHECK(*choose_key_type({.keys = {{"1.2.840.113549.1.1.1"}}}) == KeyType::rsa_3072);
  const auto none = choose_key_type({.keys = {{"1.2.840.113549.1.1.1", "", 16384}}});
  REQUIRE_FALSE(none);
  CHECK(none.error().reason == "EST_KEY_TYPE_UNSUPPORTED");
}
