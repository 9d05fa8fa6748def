// A registry in a real database, a manufacturer with a PKI, and devices that knock: what tests of admission start from.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "services/registrar/app/admission.h"
#include "services/registrar/app/approvals.h"
#include "services/registrar/app/devices.h"
#include "services/registrar/app/explain.h"
#include "services/registrar/app/manufacturers.h"
#include "services/registrar/app/onboarded_registry_test.h"
#include "services/registrar/app/policies.h"

namespace pratique::registrar {

class FrontDoor : public OnboardedRegistry {
 public:
  FrontDoor() {
    Manufacturer wanted{.display_name = "Example Cameras", .masa_url = "https://masa.example.com"};
    wanted.trust_anchors.push_back(anchor({AnchorPurpose::idevid, AnchorPurpose::voucher, AnchorPurpose::masa_tls}));
    const auto created = manufacturers.create(change(), wanted);
    REQUIRE(created);
    maker = created->id;
  }

  TrustAnchor anchor(std::vector<AnchorPurpose> purposes) const {
    return {.certificate = ca_, .purposes = std::move(purposes)};
  }
  /// Its IDevID; each call is a device of its own.
  crypto::Certificate idevid(const std::string& serial) {
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    return *crypto::issue_certificate(
        crypto::CertificateProfile::idevid({.common_name = "Camera 3", .serial_number = serial}, clock.now(),
                                           "masa.example.com:9443"),
        key.public_key(), ca_, ca_key_, random);
  }
  Knock knocking(const crypto::Certificate& idevid) {
    return {.protocol = "brski", .idevid_chain = {idevid.der()}, .session = SessionId::make(clock, random),
            .location = "site-a", .remote_address = "192.0.2.7"};
  }
  Judgement knock(const crypto::Certificate& idevid) {
    clock.advance(1s);
    auto judged = desk.judge(call(), knocking(idevid));
    INFO((judged ? "" : judged.error().message));
    REQUIRE(judged);
    return *std::move(judged);
  }
  Device announce(const std::string& serial) {
    const auto device = devices.create(change(), Device{.manufacturer = maker, .serial_number = serial});
    REQUIRE(device);
    return *device;
  }
  Policy rule(PolicyEffect effect, std::int32_t priority = 10, std::int32_t people = 1) {
    const auto policy = policies.create(change(), {.display_name = "cameras", .priority = priority, .effect = effect,
                                                   .segment = "cameras", .approvals_required = people});
    REQUIRE(policy);
    return *policy;
  }
  Change by(const std::string& who) const { return {{"operator/" + who, pg::within(5s)}, "", "Test", {1}}; }
  void admit(const DeviceId& id) {
    REQUIRE(with([&](pg::Tx& tx) { return admit_device(tx, id, CredentialId::make(clock, random), clock.now()); }));
  }
  Device device(const DeviceId& id) { return *devices.get(call(), id); }
  std::size_t count(const std::vector<std::string>& words, std::string_view word) {
    return static_cast<std::size_t>(std::ranges::count(words, word));
  }

  ManufacturerId maker;
  CredentialProfiles profiles = *CredentialProfiles::make({});
  PolicyCache cache;
  Manufacturers manufacturers{surroundings()};
  Policies policies{surroundings(), profiles, cache};
  Devices devices{surroundings(), profiles};
  Approvals approvals{surroundings()};
  Explain explain{surroundings()};
  AdmissionDesk desk{surroundings(), cache};

 private:
  crypto::SoftwareKey ca_key_ = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  crypto::Certificate ca_ = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Example Camera CA"}, clock.now() - std::chrono::hours(1),
                                          crypto::kNoExpiry),
      ca_key_, random);
};

}  // namespace pratique::registrar
