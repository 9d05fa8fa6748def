#include "libs/protocol/radius/server_secret/server_secret.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "libs/crypto/primitives/system_random.h"

using namespace pratique;
using namespace pratique::radius;

TEST_CASE("a switch's secret opens for its switch and its key alone", "[radius]") {
  crypto::SystemRandom random;
  const auto ring = [&](std::string_view id) {
    return *crypto::MasterKeys::parse(*crypto::MasterKeys::make_line(id, random));
  };
  const auto keys = ring("r1");
  const std::string own = "0190d0a0-0000-7000-8000-000000000001", other = "0190d0a0-0000-7000-8000-000000000002";
  const std::string text = R"(a'b"c\d%{e}$f|g;h)";
  const auto sealed = *seal_server_secret(keys, own, Secret(text), random);
  CHECK(std::ranges::search(sealed, as_bytes(text)).empty());

  CHECK(as_text(open_server_secret(keys, own, sealed, random)->reveal()) == text);

  SECTION("another switch's") {
    CHECK(open_server_secret(keys, other, sealed, random).error().reason == "ENVELOPE_ALTERED");
  }
  SECTION("another key of the same name") {
    CHECK(open_server_secret(ring("r1"), own, sealed, random).error().reason == "ENVELOPE_ALTERED");
  }
  SECTION("a key of another name") {
    CHECK(open_server_secret(ring("r2"), own, sealed, random).error().reason == "ENVELOPE_KEY_UNKNOWN");
  }
  SECTION("cut") {
    const auto all = ByteView(sealed);
    CHECK(open_server_secret(keys, own, all.subspan(1), random).error().reason == "ENVELOPE_MALFORMED");
    CHECK(open_server_secret(keys, own, all.first(all.size() - 1), random).error().reason == "ENVELOPE_ALTERED");
    CHECK(open_server_secret(keys, own, {}, random).error().reason == "ENVELOPE_MALFORMED");
  }
}

TEST_CASE("what FreeRADIUS cannot take as a secret is not sealed", "[radius]") {
  crypto::SystemRandom random;
  const auto keys = *crypto::MasterKeys::parse(*crypto::MasterKeys::make_line("r1", random));
  const auto reason = [&](std::string text) {
    const auto sealed = seal_server_secret(keys, "x", Secret(text), random);
    return sealed ? std::string() : std::string(sealed.error().reason);
  };
  CHECK(reason(std::string(16, 'a')).empty());
  CHECK(reason(std::string(128, '~')).empty());
  CHECK(reason("") == "RADIUS_SECRET_UNUSABLE");
  CHECK(reason(std::string(15, 'a')) == "RADIUS_SECRET_UNUSABLE");
  CHECK(reason(std::string(129, 'a')) == "RADIUS_SECRET_UNUSABLE");
  CHECK(reason(std::string(16, 'a') + "\n") == "RADIUS_SECRET_UNUSABLE");
  CHECK(reason("a secret with spaces") == "RADIUS_SECRET_UNUSABLE");
  CHECK(reason("gr\xc3\xbc\xc3\x9f" "e-aus-der-ferne") == "RADIUS_SECRET_UNUSABLE");
}
