#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/crypto/revocation/revocation_world_test.h"

using namespace pratique;
using namespace pratique::crypto;
using namespace pratique::crypto::ocsp;
using test::must;
using test::World;

namespace {

std::string reason_of(ByteView der) {
  const auto read = parse_request(der);
  return read ? "" : read.error().reason;
}

/// OCSPRequest with these members of tbsRequest, and what follows it.
Bytes request_of(std::vector<Bytes> tbs, std::vector<Bytes> behind = {}) {
  std::vector<Bytes> parts{der::element_of(der::kSequence, tbs)};
  parts.insert(parts.end(), behind.begin(), behind.end());
  return der::element_of(der::kSequence, parts);
}
Bytes list_of(std::vector<Bytes> requests) { return der::element_of(der::kSequence, requests); }
Bytes extensions(unsigned tag, std::vector<Extension> list) {
  return der::element(der::context(tag), must(encode_extensions(list)));
}
Extension nonce_of(const Bytes& value) { return {"1.3.6.1.5.5.7.48.1.2", false, value}; }

}  // namespace

TEST_CASE("a request asks for certificates by their issuer and number", "[crypto][ocsp]") {
  World world;
  const auto hash = GENERATE(CertIdHash::sha1, CertIdHash::sha256);
  const auto id = CertId::of(world.device, world.ca, hash);
  CHECK(id.serial_hex == world.device.serial_hex());
  CHECK(id.issuer_name_hash.size() == (hash == CertIdHash::sha1 ? 20 : 32));
  CHECK(id.is_issued_by(world.ca));
  CHECK_FALSE(id.is_issued_by(world.false_ca));  // the same name
  CHECK_FALSE(id.is_issued_by(world.responder_certificate));

  const Bytes nonce(32, 0x5a);
  const std::array ids = {id, CertId::of_serial("00", world.ca, hash)};
  const auto der = must(encode_request(ids, nonce));
  const auto read = must(parse_request(der));
  CHECK(read.certificates == std::vector(ids.begin(), ids.end()));
  CHECK(read.nonce == nonce);
  CHECK_FALSE(read.is_signed);

  const auto plain = must(encode_request(std::span(&id, 1)));
  CHECK_FALSE(must(parse_request(plain)).nonce.has_value());
  CHECK(plain.size() < 128);
}

TEST_CASE("what is optional in a request is read over", "[crypto][ocsp]") {
  World world;
  const auto id = must(encode_cert_id(CertId::of(world.device, world.ca)));
  const Bytes one = der::element(der::kSequence, id);
  const Bytes name = der::element(der::context(1), der::element(der::context(4), world.ca.subject_der()));
  const Bytes version = der::element(der::context(0), der::integer(0));
  const Extension harmless = {"1.3.6.1.5.5.7.48.1.4", false, *hex_decode("300b06092b0601050507300101")};
  const Bytes signature = der::element(der::context(0), der::element(der::kSequence, {}));
  CHECK(reason_of(request_of({version, name, list_of({one}), extensions(2, {harmless})})).empty());
  const auto is_signed = parse_request(request_of({list_of({one})}, {signature}));
  CHECK(must(is_signed).is_signed);
  const Bytes with_locator =
      der::element_of(der::kSequence, {id, extensions(0, {{"1.3.6.1.5.5.7.48.1.7", false, {0x30, 0x00}}})});
  CHECK(reason_of(request_of({list_of({with_locator})})).empty());
  // The hash without its NULL (RFC 5754 section 2).
  auto bare = must(encode_cert_id(CertId::of(world.device, world.ca, CertIdHash::sha256)));
  der::Reader outer(bare);
  auto parts = der::Reader(must(outer.next()).content);
  (void)must(parts.next());
  const Bytes algorithm = der::element(der::kSequence, must(der::oid("2.16.840.1.101.3.4.2.1")));
  const Bytes again = der::element_of(der::kSequence, {algorithm, to_bytes(must(parts.next()).whole),
                                                       to_bytes(must(parts.next()).whole),
                                                       to_bytes(must(parts.next()).whole)});
  const auto read = parse_request(request_of({list_of({der::element(der::kSequence, again)})}));
  CHECK(must(read).certificates.front() == CertId::of(world.device, world.ca, CertIdHash::sha256));
}

TEST_CASE("a bad request is refused by what is wrong with it", "[crypto][ocsp]") {
  World world;
  const auto cert_id = CertId::of(world.device, world.ca);
  const auto id = must(encode_cert_id(cert_id));
  const Bytes one = der::element(der::kSequence, id);
  REQUIRE(reason_of(request_of({list_of({one})})).empty());

  SECTION("cut anywhere, or bytes after it") {
    auto der = must(encode_request(std::span(&cert_id, 1), Bytes(16, 1)));
    for (std::size_t size = 0; size < der.size(); ++size)
      CHECK(reason_of(ByteView(der).first(size)) == "OCSP_REQUEST_INVALID");
    der.push_back(0);
    CHECK(reason_of(der) == "OCSP_REQUEST_INVALID");
  }
  SECTION("too large") {
    CHECK(reason_of(Bytes(kMaxRequestSize + 1, 0x30)) == "OCSP_REQUEST_TOO_LARGE");
  }
  SECTION("no certificate") { CHECK(reason_of(request_of({list_of({})})) == "OCSP_REQUEST_INVALID"); }
  SECTION("too many") {
    CHECK(reason_of(request_of({list_of(std::vector(kMaxRequestCertificates, one))})).empty());
    CHECK(reason_of(request_of({list_of(std::vector(kMaxRequestCertificates + 1, one))})) == "OCSP_REQUEST_TOO_MANY");
  }
  SECTION("version 2") {
    CHECK(reason_of(request_of({der::element(der::context(0), der::integer(1)), list_of({one})})) ==
          "OCSP_REQUEST_INVALID");
  }
  SECTION("a hash that we do not know") {
    auto odd = id;
    REQUIRE(odd[4] == der::kOid);
    odd[6] ^= 1;
    const auto read = parse_request(request_of({list_of({der::element(der::kSequence, odd)})}));
    CHECK(read.error().reason == "OCSP_HASH_UNSUPPORTED");
  }
  SECTION("hashes of a wrong size") {
    const auto odd = der::element_of(
        der::kSequence, {der::element(der::kSequence, must(der::oid("1.3.14.3.2.26"))),
                         der::element(der::kOctetString, Bytes(19)), der::element(der::kOctetString, Bytes(20)),
                         der::integer(5)});
    CHECK(reason_of(request_of({list_of({der::element(der::kSequence, odd)})})) == "OCSP_REQUEST_INVALID");
  }
  SECTION("a negative number") {
    auto odd = CertId::of_serial("7f", world.ca);
    auto encoded = must(encode_cert_id(odd));
    encoded.back() = 0xff;
    CHECK(reason_of(request_of({list_of({der::element(der::kSequence, encoded)})})) == "OCSP_REQUEST_INVALID");
  }
  SECTION("critical extensions") {
    const Extension odd = {"1.3.6.1.4.1.32473.1", true, {0x05, 0x00}};
    CHECK(reason_of(request_of({list_of({one}), extensions(2, {odd})})) == "OCSP_EXTENSION_UNKNOWN");
    const Bytes within = der::element_of(der::kSequence, {id, extensions(0, {odd})});
    CHECK(reason_of(request_of({list_of({within})})) == "OCSP_EXTENSION_UNKNOWN");
  }
  SECTION("nonces") {
    const auto with = [&](const Bytes& value) {
      return request_of({list_of({one}), extensions(2, {nonce_of(value)})});
    };
    CHECK(reason_of(with(der::element(der::kOctetString, Bytes(1)))).empty());
    CHECK(reason_of(with(der::element(der::kOctetString, Bytes(32)))).empty());
    CHECK(reason_of(with(der::element(der::kOctetString, {}))) == "OCSP_NONCE_INVALID");
    CHECK(reason_of(with(der::element(der::kOctetString, Bytes(33)))) == "OCSP_NONCE_INVALID");
    CHECK(reason_of(with(Bytes(16, 0x5a))) == "OCSP_NONCE_INVALID");  // bare, as before RFC 6960
    auto twice = nonce_of(der::element(der::kOctetString, Bytes(8)));
    CHECK(reason_of(request_of({list_of({one}), extensions(2, {twice, twice})})) == "OCSP_REQUEST_INVALID");
  }
  SECTION("more extensions than anyone needs") {
    std::vector<Extension> many;
    for (int i = 0; i < 9; ++i) many.push_back({"1.3.6.1.4.1.32473." + std::to_string(i), false, {}});
    CHECK(reason_of(request_of({list_of({one}), extensions(2, many)})) == "OCSP_REQUEST_INVALID");
  }
}

TEST_CASE("a request that cannot be made", "[crypto][ocsp]") {
  World world;
  const auto id = CertId::of(world.device, world.ca);
  const std::vector<CertId> none, many(kMaxRequestCertificates + 1, id);
  CHECK(encode_request(none).error().reason == "OCSP_REQUEST_TOO_MANY");
  CHECK(encode_request(many).error().reason == "OCSP_REQUEST_TOO_MANY");
  CHECK(encode_request(std::span(&id, 1), Bytes(33)).error().reason == "OCSP_NONCE_INVALID");
  CHECK(encode_request(std::span(&id, 1), Bytes()).error().reason == "OCSP_NONCE_INVALID");
  auto odd = id;
  odd.serial_hex = "not hex";
  CHECK(encode_request(std::span(&odd, 1)).error().reason == "OCSP_ID_INVALID");
  odd = id;
  odd.issuer_key_hash.pop_back();
  CHECK(encode_request(std::span(&odd, 1)).error().reason == "OCSP_ID_INVALID");
}

TEST_CASE("a request in a path", "[crypto][ocsp]") {
  // Its base64 has all three characters that a path may spoil: "MAMC/f8+…".
  const Bytes der = *hex_decode("3003fbfffe");
  const auto base64 = base64_encode(der);
  REQUIRE(base64 == "MAP7//4=");
  const auto path = encode_get_path(der);
  CHECK(path == "MAP7%2F%2F4%3D");
  CHECK(must(parse_get_path(path)) == der);
  CHECK(must(parse_get_path("/" + path)) == der);
  CHECK(must(parse_get_path("MAP7%2f%2f4%3d")) == der);
  CHECK(must(parse_get_path(base64)) == der);         // bare
  CHECK(must(parse_get_path("MAP7//4")) == der);      // without padding
  CHECK(must(parse_get_path("%4dAP7__4%3D")) == der);  // base64url, and an escape that nobody needs
  CHECK(encode_get_path(*hex_decode("3003fbeffe")) == "MAP77%2F4%3D");
  CHECK(encode_get_path(*hex_decode("fbef")).starts_with("%2B%2B8"));

  const auto reason = [](std::string_view text) {
    const auto read = parse_get_path(text);
    return read ? "" : read.error().reason;
  };
  CHECK(reason("MAP7%2") == "OCSP_REQUEST_INVALID");
  CHECK(reason("MAP7%") == "OCSP_REQUEST_INVALID");
  CHECK(reason("MAP7%zz") == "OCSP_REQUEST_INVALID");
  CHECK(reason("MAP7?x=y") == "OCSP_REQUEST_INVALID");
  CHECK(reason("MAP7%252F%252F4%3D") == "OCSP_REQUEST_INVALID");  // encoded twice
  CHECK(reason(std::string(kMaxGetPath + 1, 'A')) == "OCSP_REQUEST_TOO_LARGE");
  CHECK(parse_request(must(parse_get_path(""))).error().reason == "OCSP_REQUEST_INVALID");
}
