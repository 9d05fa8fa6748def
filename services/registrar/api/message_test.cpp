// What goes out and comes back over the wire says the same.
#include <catch2/catch.hpp>

#include "libs/base/random.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/issue.h"
#include "services/registrar/api/device_message.h"
#include "services/registrar/api/manufacturer_message.h"
#include "services/registrar/api/policy_message.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-07-01T12:00:00.000001Z");
PredictableRandom random_source{5};
const FixedClock fixed_clock{kNow};

}  // namespace

TEST_CASE("A device is shown whole, and read back as far as a caller may say", "[registrar][api]") {
  Device device{.id = DeviceId::make(fixed_clock, random_source),
                .manufacturer = ManufacturerId::make(fixed_clock, random_source),
                .serial_number = "CAM-1",
                .model = "Camera 3",
                .state = DeviceState::admitted,
                .display_name = "Door",
                .location = "site-a",
                .segment = "cameras",
                .credential_profile = "short",
                .labels = {{"a", "b"}},
                .onboarding_count = 2,
                .last_seen_time = kNow,
                .version = 7};
  const auto message = message_of(device);
  CHECK(message.state() == v1::DEVICE_STATE_ADMITTED);
  CHECK(message.last_seen_time().nanos() == 1000);
  CHECK(message.credential().empty());
  CHECK(message.onboarding_count() == 2);
  auto newer = device;
  newer.version = 8;
  CHECK(message.etag() != message_of(newer).etag());
  CHECK(message.effective_segment() == "cameras");
  auto by_policy = device;
  by_policy.segment.clear();
  by_policy.granted_segment = "guests";
  CHECK(message_of(by_policy).segment().empty());
  CHECK(message_of(by_policy).effective_segment() == "guests");
  const auto back = *read_device(message);
  CHECK(back.serial_number == "CAM-1");
  CHECK(back.labels == device.labels);
  CHECK(back.segment == "cameras");
  CHECK(back.state == DeviceState::expected);  // not a caller's to say
  v1::Device nameless;
  CHECK(read_device(nameless).error().message.starts_with("device.manufacturer"));
}

TEST_CASE("A trust anchor goes out with what is seen in it, and a wrong one is refused", "[registrar][api]") {
  const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto certificate = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Example Root"}, kNow, crypto::kNoExpiry), key,
      random_source);
  const TrustAnchor anchor{.certificate = certificate, .purposes = {AnchorPurpose::idevid, AnchorPurpose::masa_tls},
                           .protocols = {"brski"}, .serial_pattern = "CAM-*", .start_time = kNow};
  auto message = message_of(anchor);
  CHECK(message.subject() == "CN=Example Root");
  CHECK(message.fingerprint().size() == 64);
  const auto back = *read_trust_anchor(message);
  CHECK(back.certificate == certificate);
  CHECK(back.purposes == anchor.purposes);
  CHECK(back.start_time == kNow);
  CHECK_FALSE(back.end_time.has_value());
  message.add_purposes(static_cast<v1::AnchorPurpose>(99));
  CHECK(read_trust_anchor(message).error().reason == "FIELD_INVALID");
  message.set_certificate("junk");
  CHECK(read_trust_anchor(message).error().reason == "CERTIFICATE_INVALID");
}

TEST_CASE("A rule without an effect is refused; one approval is what is not said", "[registrar][api]") {
  v1::Policy message;
  message.set_display_name("r");
  CHECK(read_policy(message).error().message.starts_with("policy.effect"));
  message.set_effect(v1::POLICY_EFFECT_ASK);
  CHECK(read_policy(message)->approvals_required == 1);
  message.mutable_end_time()->set_seconds(-99'999'999'999'999);
  const auto no_time = read_policy(message);
  CHECK(no_time.error().reason == "TIMESTAMP_INVALID");
  CHECK(no_time.error().message.starts_with("policy.end_time"));
}
