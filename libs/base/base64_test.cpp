#include "libs/base/base64.h"

#include <catch2/catch.hpp>

using namespace pratique;

TEST_CASE("base64 matches the vectors of RFC 4648 section 10") {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    CHECK(base64_encode(as_bytes(plain)) == text);
    const auto decoded = base64_decode(text);
    REQUIRE(decoded);
    CHECK(as_text(*decoded) == plain);
  }
  CHECK(base64url_encode(Bytes{0xFB, 0xFF}) == "-_8");
}

TEST_CASE("strict base64 refuses what the grammar refuses") {
  for (const auto* bad : {"Zg", "Zg=", "Zg===", "Z", "Zm9v\n", "Zm-v", "Zh==", "Z=g=", "====", "Zm9vYg==Zg=="}) {
    INFO(bad);
    const auto decoded = base64_decode(bad);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().reason == "BASE64_INVALID");
  }
}

TEST_CASE("lenient base64 takes what peers send") {
  for (const auto* good : {"Zm9vYg==", "Zm9vYg", "Zm9v\r\nYg==", " Zm 9vYg== "}) {
    INFO(good);
    const auto decoded = base64_decode_lenient(good);
    REQUIRE(decoded);
    CHECK(as_text(*decoded) == "foob");
  }
  CHECK(base64_decode_lenient("-_8").has_value());
  CHECK_FALSE(base64_decode_lenient("Zm9v!").has_value());
  CHECK_FALSE(base64_decode_lenient("Zm9vY").has_value());
}
