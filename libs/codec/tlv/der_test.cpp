#include "libs/codec/tlv/der.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"

using namespace pratique;

namespace {
Bytes unhex(std::string_view text) { return hex_decode(text).value_or({}); }

std::string why_not(std::string_view hex) {
  const Bytes bytes = unhex(hex);
  const auto element = der::Reader(bytes).next();
  return element ? "read" : element.error().message;
}
}  // namespace

TEST_CASE("elements are read one after the other", "[codec][der]") {
  const Bytes bytes = unhex("3006020105040100020107");
  der::Reader reader(bytes);
  const auto sequence = reader.expect(der::kSequence, "the pair");
  REQUIRE(sequence);
  CHECK(sequence->whole.size() == 8);
  der::Reader inner(sequence->content);
  CHECK(inner.peek() == der::kInteger);
  CHECK(*der::decode_integer(inner.next()->content) == 5);
  CHECK(inner.next()->tag == der::kOctetString);
  CHECK(inner.at_end());
  CHECK(inner.peek() == 0);
  CHECK(inner.finish("the pair"));
  const auto trailing = reader.finish("the pair");
  REQUIRE_FALSE(trailing);
  CHECK(trailing.error().reason == "DER_INVALID");
  CHECK(trailing.error().message == "bytes after the pair at offset 8");
}

TEST_CASE("what DER forbids is refused", "[codec][der]") {
  CHECK(why_not("") == "the end instead of an element at offset 0");
  CHECK(why_not("30") == "a cut element at offset 0");
  CHECK(why_not("1f8101") == "a tag above 30 at offset 0");
  CHECK(why_not("30800000") == "an indefinite length at offset 0");
  CHECK(why_not("04810100") == "a length that is not minimal at offset 0");
  CHECK(why_not("0482") == "a cut length at offset 0");
  CHECK(why_not("04820001ff") == "a length that is not minimal at offset 0");
  CHECK(why_not("0485010000000000") == "a length beyond 4 GiB at offset 0");
  CHECK(why_not("0484ffffffff00") == "an element longer than what is there at offset 0");
  CHECK(why_not("040200") == "an element longer than what is there at offset 0");
  const Bytes wrong = unhex("0500");
  CHECK(der::Reader(wrong).expect(der::kOid, "a name").error().message == "expected a name at offset 0");
}

TEST_CASE("object identifiers go both ways", "[codec][der]") {
  for (const auto& [dotted, hex] : std::vector<std::pair<std::string, std::string>>{
           {"1.2.840.113549.1.9.7", "06092a864886f70d010907"},
           {"2.5.29.17", "0603551d11"},
           {"1.3.6.1.1.1.1.22", "06072b060101010116"},
           {"2.999.3", "0603883703"},
           {"0.39", "060127"},
           {"2.25.18446744073709551615", "060b6981ffffffffffffffff7f"}}) {
    CAPTURE(dotted);
    CHECK(hex_encode(*der::oid(dotted)) == hex);
    const Bytes bytes = unhex(hex);
    CHECK(*der::decode_oid(ByteView(bytes).subspan(2)) == dotted);
  }
  for (const std::string_view bad :
       {"", "1", "3.1", "1.40", "1..2", "1.2.", "1.2x", "1.-2", "1.99999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(der::oid(bad));
  }
  for (const std::string_view bad : {"", "80", "2a80", "2a8001", "2affffffffffffffffffff7f"}) {
    CAPTURE(bad);
    CHECK_FALSE(der::decode_oid(unhex(bad)));
  }
}

TEST_CASE("integers and booleans go both ways", "[codec][der]") {
  for (const auto& [value, hex] : std::vector<std::pair<std::int64_t, std::string>>{
           {0, "020100"}, {127, "02017f"}, {128, "02020080"}, {4096, "02021000"}, {-1, "0201ff"}, {-128, "020180"},
           {-129, "0202ff7f"}, {INT64_MAX, "02087fffffffffffffff"}, {INT64_MIN, "02088000000000000000"}}) {
    CAPTURE(value);
    CHECK(hex_encode(der::integer(value)) == hex);
    const Bytes bytes = unhex(hex);
    CHECK(*der::decode_integer(ByteView(bytes).subspan(2)) == value);
  }
  for (const std::string_view bad : {"", "0001", "ffff", "010000000000000000"})
    CHECK_FALSE(der::decode_integer(unhex(bad)));
  CHECK(hex_encode(der::boolean(true)) == "0101ff");
  CHECK(*der::decode_boolean(unhex("00")) == false);
  CHECK_FALSE(der::decode_boolean(unhex("01")));
  CHECK_FALSE(der::decode_boolean(unhex("ffff")));
}

TEST_CASE("long lengths and sorted sets are written as DER asks", "[codec][der]") {
  const Bytes body(300, 0x41);
  const Bytes written = der::element(der::kOctetString, body);
  CHECK(hex_encode(ByteView(written).first(4)) == "0482012c");
  const auto read = der::Reader(written).next();
  REQUIRE(read);
  CHECK(equal(read->content, body));
  CHECK(hex_encode(ByteView(der::element(der::kOctetString, Bytes(128, 0))).first(3)) == "048180");
  CHECK(hex_encode(der::set_of({der::integer(300), der::integer(2), der::integer(1)})) == "310a0201010201020202012c");
}

TEST_CASE("no prefix and no changed byte of a structure makes the reader leave its bounds", "[codec][der]") {
  const Bytes whole = der::element_of(der::kSequence, {*der::oid("1.2.840"), der::element(der::kSet, der::integer(5))});
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    CHECK_FALSE(der::Reader(part).next());
  }
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (int value = 0; value < 256; ++value) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(value);
      der::Reader reader(changed);
      while (!reader.at_end()) {
        const auto element = reader.next();
        if (!element) break;
        REQUIRE(element->whole.size() <= changed.size());
      }
    }
}
