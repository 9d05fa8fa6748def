#include "services/registrar/domain/genuineness.h"

#include <catch2/catch.hpp>

#include <stdexcept>

#include "libs/base/clock.h"
#include "libs/base/hex.h"
#include "libs/base/random.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::registrar;
using crypto::CertificateProfile;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-07-01T12:00:00Z");
const Timestamp kPast = *parse_rfc3339("2020-01-01T00:00:00Z");

/// A manufacturer's two-level PKI and a device.
struct Maker {
  PredictableRandom random{7};
  FixedClock clock{kNow};
  crypto::SoftwareKey root_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  crypto::SoftwareKey sub_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  crypto::SoftwareKey device_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  ManufacturerId id = ManufacturerId::make(clock, random);
  crypto::Certificate root = *crypto::issue_self_signed(
      CertificateProfile::root_ca({.common_name = "Example Root"}, kPast, crypto::kNoExpiry), root_key, random);
  crypto::Certificate sub =
      *crypto::issue_certificate(CertificateProfile::sub_ca({.common_name = "Example Sub"}, kPast, crypto::kNoExpiry),
                                 sub_key.public_key(), root, root_key, random);

  crypto::Certificate device(crypto::Name name = {.common_name = "Camera 3", .serial_number = "CAM-0001"},
                             Timestamp not_after = crypto::kNoExpiry) {
    auto profile = CertificateProfile::idevid(name, kPast, "masa.example.com:9443", "https://mud.example.com/cam.json");
    profile.not_after = not_after;
    const auto made = crypto::issue_certificate(profile, device_key.public_key(), sub, sub_key, random);
    if (!made) throw std::runtime_error(made.error().message);
    return *made;
  }
  Idevid idevid(const crypto::Certificate& leaf) { return *read_idevid(std::vector<Bytes>{leaf.der(), sub.der()}); }
  KnownAnchor anchor(const crypto::Certificate& certificate) {
    return {.anchor = {.id = TrustAnchorId::make(clock, random), .manufacturer = id, .certificate = certificate,
                       .purposes = {AnchorPurpose::idevid}}};
  }
};

std::string code_of(const Genuineness& g) { return g.accepted() ? "" : g.first().code; }

}  // namespace

TEST_CASE("An IDevID says who the device is") {
  Maker maker;
  const auto idevid = maker.idevid(maker.device());
  CHECK(idevid.serial_number == "CAM-0001");
  CHECK(idevid.model == "Camera 3");
  CHECK(idevid.fingerprint.size() == 64);
  CHECK(idevid.masa_url == "masa.example.com:9443");
  CHECK(idevid.mud_url == "https://mud.example.com/cam.json");
  CHECK(idevid.intermediates.size() == 1);
  CHECK(maker.idevid(maker.device({.serial_number = "PID:IE-3400 SN:FOC2"})).model == "IE-3400");
  CHECK(maker.idevid(maker.device({.common_name = "x"})).serial_number.empty());
  // serialNumber "a\nb": what cannot be shown names no device.
  auto profile = CertificateProfile::idevid({}, kPast, "");
  profile.subject_der = *hex_decode("300e310c300a06035504050c03610a62");
  const auto odd =
      crypto::issue_certificate(profile, maker.device_key.public_key(), maker.sub, maker.sub_key, maker.random);
  REQUIRE(odd.has_value());
  REQUIRE(odd->subject_serial_number() == "a\nb");
  CHECK(maker.idevid(*odd).serial_number.empty());
}

TEST_CASE("A chain that cannot be read is refused with the certificate's place") {
  Maker maker;
  const auto leaf = maker.device().der();
  const auto refused = [](const std::vector<Bytes>& chain) {
    const auto result = read_idevid(chain);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().reason == "IDEVID_UNREADABLE");
    return result.error().message;
  };
  CHECK(refused({}).contains("no certificate"));
  CHECK(refused({leaf, to_bytes("junk")}).contains("certificate 2"));
  CHECK(refused(std::vector<Bytes>(kMaxIdevidChain + 1, leaf)).contains("more than"));
}

TEST_CASE("A genuine device leads to an anchor: the root, the sub-CA or its own certificate") {
  Maker maker;
  const auto leaf = maker.device();
  for (const auto& certificate : {maker.root, maker.sub, leaf}) {
    const auto known = maker.anchor(certificate);
    const auto genuine = judge_genuineness(maker.idevid(leaf), std::vector{known}, "brski", kNow);
    INFO(code_of(genuine));
    CHECK(genuine.accepted());
    CHECK(genuine.manufacturer == maker.id);
    CHECK(genuine.anchor == known.anchor.id);
  }
  // An IDevID is for the life of the device.
  const auto old = maker.device({.serial_number = "CAM-0001"}, kPast + std::chrono::hours(1));
  CHECK(judge_genuineness(maker.idevid(old), std::vector{maker.anchor(maker.root)}, "brski", kNow).accepted());
}

TEST_CASE("A device that is not genuine is told apart from an unknown one") {
  Maker maker, forger;
  const auto leaf = maker.device();
  CHECK(code_of(judge_genuineness(maker.idevid(leaf), {}, "brski", kNow)) == "MANUFACTURER_UNKNOWN");
  // The same names, other keys.
  const auto forged =
      judge_genuineness(forger.idevid(forger.device()), std::vector{maker.anchor(maker.root)}, "brski", kNow);
  CHECK(code_of(forged) == "IDEVID_NOT_GENUINE");
  CHECK(forged.manufacturer.empty());
  // The device leaves out the intermediate that its chain needs.
  const auto alone = *read_idevid(std::vector<Bytes>{leaf.der()});
  CHECK(code_of(judge_genuineness(alone, std::vector{maker.anchor(maker.root)}, "brski", kNow)) ==
        "IDEVID_NOT_GENUINE");
  const auto nameless = maker.idevid(maker.device({.common_name = "x"}));
  CHECK(code_of(judge_genuineness(nameless, std::vector{maker.anchor(maker.root)}, "brski", kNow)) ==
        "IDEVID_SERIAL_MISSING");
}

TEST_CASE("An anchor outside its limits vouches for nothing, and the limit is named") {
  Maker maker;
  const auto idevid = maker.idevid(maker.device());
  const auto judged = [&](auto limit) {
    auto known = maker.anchor(maker.root);
    limit(known);
    const auto genuine = judge_genuineness(idevid, std::vector{known}, "brski", kNow);
    CHECK(genuine.manufacturer == maker.id);  // known all the same
    return code_of(genuine);
  };
  CHECK(judged([](KnownAnchor& a) { a.anchor.remove_time = kPast; }) == "ANCHOR_REMOVED");
  CHECK(judged([](KnownAnchor& a) { a.anchor.purposes = {AnchorPurpose::voucher}; }) == "ANCHOR_PURPOSE_OTHER");
  CHECK(judged([](KnownAnchor& a) { a.anchor.protocols = {"fdo"}; }) == "ANCHOR_PROTOCOL_OTHER");
  CHECK(judged([](KnownAnchor& a) { a.anchor.serial_pattern = "LOCK-*"; }) == "ANCHOR_SERIAL_OTHER");
  CHECK(judged([](KnownAnchor& a) { a.anchor.start_time = kNow + std::chrono::seconds(1); }) ==
        "ANCHOR_NOT_YET_IN_FORCE");
  CHECK(judged([](KnownAnchor& a) { a.anchor.end_time = kNow; }) == "ANCHOR_NO_LONGER_IN_FORCE");
  CHECK(judged([](KnownAnchor& a) { a.manufacturer_disabled = true; }) == "MANUFACTURER_DISABLED");
  CHECK(judged([](KnownAnchor& a) {
          a.anchor.protocols = {"dpp", "brski"};
          a.anchor.serial_pattern = "CAM-*";
          a.anchor.start_time = kNow;
          a.anchor.end_time = kNow + std::chrono::seconds(1);
        }).empty());
}

TEST_CASE("One anchor in force is enough beside others that are not") {
  Maker maker;
  auto removed = maker.anchor(maker.sub), limited = maker.anchor(maker.root), good = maker.anchor(maker.root);
  removed.anchor.remove_time = kPast;
  limited.manufacturer_disabled = true;
  const auto genuine =
      judge_genuineness(maker.idevid(maker.device()), std::vector{removed, limited, good}, "brski", kNow);
  CHECK(genuine.accepted());
  CHECK(genuine.anchor == good.anchor.id);
}
