#include "services/registrar/domain/manufacturer.h"

#include <catch2/catch.hpp>

#include "libs/base/random.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

TrustAnchor anchor() {
  PredictableRandom random{3};
  const auto from = *parse_rfc3339("2020-01-01T00:00:00Z");
  static const auto certificate = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Example Root"}, from, crypto::kNoExpiry),
      *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256), random);
  return {.id = TrustAnchorId::make(FixedClock(from), random), .manufacturer = {}, .certificate = certificate,
          .purposes = {AnchorPurpose::idevid, AnchorPurpose::voucher}};
}

}  // namespace

TEST_CASE("A manufacturer has a name, and a MASA that is reached by https") {
  CHECK(check_manufacturer({.display_name = "Example Devices"}).has_value());
  CHECK(check_manufacturer({.display_name = "Example", .masa_url = "https://masa.example.com"}).has_value());
  CHECK_FALSE(check_manufacturer({}).has_value());
  CHECK_FALSE(check_manufacturer({.display_name = "Example", .masa_url = "http://masa.example.com"}).has_value());
}

TEST_CASE("An anchor's limits make sense, or the field is named") {
  const auto problem = [](auto change) {
    auto a = anchor();
    change(a);
    const auto checked = check_trust_anchor(a);
    return checked ? std::string() : checked.error().evidence.front().second;
  };
  const auto now = *parse_rfc3339("2026-01-01T00:00:00Z");
  CHECK(problem([](TrustAnchor&) {}).empty());
  CHECK(problem([](TrustAnchor& a) { a.purposes.clear(); }) == "trust_anchor.purposes");
  CHECK(problem([](TrustAnchor& a) {
          a.purposes = {AnchorPurpose::voucher, AnchorPurpose::voucher};
        }) == "trust_anchor.purposes");
  CHECK(problem([](TrustAnchor& a) { a.protocols = {"ftp"}; }) == "trust_anchor.protocols");
  CHECK(problem([](TrustAnchor& a) { a.protocols = {"fdo", "fdo"}; }) == "trust_anchor.protocols");
  CHECK(problem([](TrustAnchor& a) { a.serial_pattern = "[a"; }) == "trust_anchor.serial_pattern");
  CHECK(problem([&](TrustAnchor& a) { a.start_time = a.end_time = now; }) == "trust_anchor.end_time");
}

TEST_CASE("Only anchors in force are handed out") {
  const auto now = *parse_rfc3339("2026-01-01T00:00:00Z");
  auto other = anchor();
  other.serial_pattern = "LOCK-*";
  const std::vector anchors{anchor(), other};
  CHECK(anchors_in_force(anchors, {AnchorPurpose::voucher, "brski", "CAM-1", now}).size() == 1);
  CHECK(anchors_in_force(anchors, {AnchorPurpose::voucher, "brski", "LOCK-1", now}).size() == 2);
  CHECK(anchors_in_force(anchors, {AnchorPurpose::masa_tls, "brski", "LOCK-1", now}).empty());
}
