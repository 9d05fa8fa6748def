// Hex, timestamps, ids and secrets: each good form with its bad brothers.
#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/base/id.h"
#include "libs/base/secret.h"

using namespace pratique;

TEST_CASE("hex") {
  CHECK(hex_encode(Bytes{0, 0x7f, 0xff}) == "007fff");
  CHECK(*hex_decode("007FfF") == Bytes{0, 0x7f, 0xff});
  CHECK(hex_decode("0").error().reason == "HEX_INVALID");
  CHECK(hex_decode("0g").error().message.contains("position 1"));
}

TEST_CASE("RFC 3339 times, the samples of its section 5.8 among them") {
  CHECK(format_rfc3339(*parse_rfc3339("1985-04-12T23:20:50.52Z")) == "1985-04-12T23:20:50.52Z");
  CHECK(format_rfc3339(*parse_rfc3339("1996-12-19T16:39:57-08:00")) == "1996-12-20T00:39:57Z");
  CHECK(format_rfc3339(*parse_rfc3339("1937-01-01T12:00:27.87+00:20")) == "1937-01-01T11:40:27.87Z");
  CHECK(format_rfc3339(*parse_rfc3339("1990-12-31T23:59:60Z")) == "1990-12-31T23:59:59Z");
  CHECK(format_rfc3339(*parse_rfc3339("9999-12-31T23:59:59Z")) == "9999-12-31T23:59:59Z");
  for (const auto* bad : {"", "2026-11-24", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
                          "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "0000-01-01T00:00:00Z",
                          "2026-01-01T00:00:00+24:00", "2026-1-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
                          "9999-12-31T23:59:59-00:01"}) {
    INFO(bad);
    CHECK_FALSE(parse_rfc3339(bad).has_value());
  }
}

namespace {
struct ThingTag {
  static constexpr std::string_view kPrefix = "things";
};
using ThingId = Id<ThingTag>;
}  // namespace

TEST_CASE("ids are UUIDs of version 7 and resource names") {
  const FixedClock clock(*parse_rfc3339("2026-11-24T06:38:27Z"));
  PredictableRandom random(1);
  const auto id = ThingId::make(clock, random);
  CHECK(id.text().size() == 36);
  CHECK(id.text()[14] == '7');
  CHECK(id != ThingId::make(clock, random));
  CHECK(*ThingId::parse_name(id.name()) == id);
  CHECK_FALSE(ThingId::parse_name("others/" + id.text()).has_value());
  CHECK_FALSE(ThingId::parse_name("things").has_value());
  CHECK_FALSE(ThingId::parse(id.text() + "0").has_value());
}

TEST_CASE("equality") {
  CHECK(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
  CHECK_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("abd")));
  CHECK_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("ab")));
  const Secret secret("hidden");
  CHECK(as_text(secret.reveal()) == "hidden");
}
