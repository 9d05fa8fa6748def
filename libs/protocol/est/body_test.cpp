#include "libs/protocol/est/body.h"

#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/protocol/est/reasons.h"

using namespace pratique;
using namespace pratique::est;

namespace {

Bytes sample(std::size_t size) {
  Bytes der(size);
  for (std::size_t i = 0; i < size; ++i) der[i] = static_cast<std::uint8_t>(i * 7);
  der[0] = 0x30;
  return der;
}

std::string folded(const std::string& text, const std::string& line_end) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + line_end;
  return out;
}

std::string reason_of(std::string_view body, std::size_t max = kMaxRequestDer) {
  const auto result = decode_body(body, max);
  return result ? "accepted" : result.error().reason;
}

}  // namespace

TEST_CASE("a body is written as RFC 8951 asks and read as peers send it", "[protocol][est]") {
  const Bytes der = sample(200);
  const std::string plain = encode_body(der);
  CHECK_FALSE(plain.contains('\n'));
  const auto reads = [&](const std::string& body) {
    const auto result = decode_body(body, kMaxRequestDer);
    return result && *result == der;
  };
  CHECK(reads(plain));
  CHECK(reads(folded(plain, "\n")));
  CHECK(reads(folded(plain, "\r\n")));
  CHECK(reads("\r\n  " + plain + "\n"));
  CHECK(reads("-----BEGIN CERTIFICATE REQUEST-----\n" + folded(plain, "\n") + "-----END CERTIFICATE REQUEST-----\n"));
  CHECK(reads("\n-----BEGIN PKCS7-----\r\n" + folded(plain, "\r\n") + "-----END PKCS7-----"));
  CHECK(reads(to_string(der)));
}

TEST_CASE("a body that is none says why", "[protocol][est]") {
  CHECK(reason_of("") == reason::kBodyEmpty);
  CHECK(reason_of(" \r\n") == reason::kBodyEmpty);
  CHECK(reason_of("-----BEGIN X-----\n-----END X-----") == reason::kBodyEmpty);
  CHECK(reason_of("MIIB*AAA") == reason::kBodyNotBase64);
  CHECK(reason_of("M") == reason::kBodyNotBase64);
  CHECK(reason_of("{\"csr\": 1}") == reason::kBodyNotBase64);
  CHECK(reason_of("-----BEGIN X-----\nMIIB") == reason::kBodyNotBase64);
  CHECK(reason_of("-----BEGIN X") == reason::kBodyNotBase64);
  CHECK(reason_of(encode_body(sample(101)), 100) == reason::kBodyTooLarge);
  CHECK(reason_of(encode_body(sample(100)), 100) == "accepted");
  CHECK(reason_of(std::string(max_body(100) + 1, 'A'), 100) == reason::kBodyTooLarge);
  CHECK(reason_of(to_string(sample(101)), 100) == reason::kBodyTooLarge);
}
