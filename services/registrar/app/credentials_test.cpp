#include "services/registrar/app/credentials.h"

#include "services/registrar/app/issuance.h"
#include "services/registrar/app/onboarded_registry_test.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

using Words = std::vector<std::string>;

struct House : OnboardedRegistry {
  House() {
    profiles = *CredentialProfiles::make({});
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    const auto root = *crypto::issue_self_signed(
        crypto::CertificateProfile::root_ca({.common_name = "Root"}, clock.now() - 24h, clock.now() + 24h * 3650), key,
        random);
    authority = std::move(*LocalAuthority::make({root}, std::make_shared<crypto::SoftwareKey>(key), clock, random));
    issuance.emplace(surroundings(), *authority, profiles, "plant.example.com");
    credentials.emplace(surroundings());
  }
  Result<IssueAnswer> try_issue(const Device& device) {
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    return issuance->issue(call(), {device.id, session(device), crypto::make_csr({}, key)->der(), {}});
  }
  IssueAnswer issue(const Device& device) {
    auto answer = try_issue(device);
    REQUIRE(answer);
    REQUIRE(answer->findings.empty());
    return *answer;
  }
  std::string identify(const IssueAnswer& given) {
    const auto identified = credentials->identify(call(), given.certificate, true);
    REQUIRE(identified);
    return identified->findings.empty() ? "" : identified->findings.front().code;
  }

  CredentialProfiles profiles;
  std::unique_ptr<LocalAuthority> authority;
  std::optional<Issuance> issuance;
  std::optional<Credentials> credentials;
};

}  // namespace

TEST_CASE("a revoked credential does not count, and its device gets no other until it is reset") {
  House house;
  auto device = house.allowed("LAMP-1");
  const auto given = house.issue(device);
  const auto revoked = house.credentials->revoke(house.change(), given.credential, "stolen");
  REQUIRE(revoked);
  CHECK(revoked->state == CredentialState::revoked);
  CHECK(revoked->end_reason == "stolen");
  CHECK(house.identify(given) == "CREDENTIAL_REVOKED");
  CHECK(house.read(device).credential_revoked);
  (void)house.knock(device);
  CHECK(house.try_issue(device)->findings.front().code == "DEVICE_REVOKED");
  CHECK(house.events().back() == "credential.revoked");
  CHECK(house.audit().back() == "credential.revoke");
}

TEST_CASE("a credential is revoked once, with a reason, by its name") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto given = house.issue(device);
  CHECK(house.credentials->revoke(house.change(), given.credential, "").error().reason == "FIELD_INVALID");
  CHECK(house.credentials->revoke(house.change(), CredentialId::make(house.clock, house.random), "x").error().reason ==
        "CREDENTIAL_UNKNOWN");
  const std::string request_id = "0b3f3a52-5f0e-4f7e-9d8e-1d2f4c5b6a70";
  REQUIRE(house.credentials->revoke(house.change(request_id), given.credential, "stolen"));
  const auto before = house.audit();
  CHECK(house.credentials->revoke(house.change(request_id), given.credential, "stolen"));  // the same request
  CHECK(house.credentials->revoke(house.change(), given.credential, "stolen").error().reason ==
        "CREDENTIAL_STATE_CONFLICT");
  CHECK(house.audit() == before);
}

TEST_CASE("the credential of a device without the network is recognised but does not count") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto given = house.issue(device);
  CHECK(house.identify(given) == "");
  house.set_state(device, DeviceState::quarantined);
  CHECK(house.identify(given) == "DEVICE_QUARANTINED");
  house.set_state(device, DeviceState::admitted);
  CHECK(house.identify(given) == "");
  house.clock.advance(24h * 365);
  CHECK(house.identify(given) == "CREDENTIAL_EXPIRED");
}

TEST_CASE("a certificate is ours only if we issued this very one") {
  House house;
  const auto device = house.allowed("LAMP-1");
  auto given = house.issue(device);
  given.certificate.back() ^= 1;
  CHECK(house.identify(given) == "CREDENTIAL_UNKNOWN");
  given.certificate.clear();
  CHECK(house.identify(given) == "CREDENTIAL_UNKNOWN");
}

TEST_CASE("use of a credential is a sign of life") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto given = house.issue(device);
  house.clock.advance(1h);
  CHECK(house.identify(given) == "");
  CHECK(house.read(device).last_seen_time == house.clock.now());
}

TEST_CASE("credentials are listed a page at a time") {
  House house;
  for (int i = 0; i < 3; ++i) (void)house.issue(house.allowed("LAMP-" + std::to_string(i)));
  const auto first = house.credentials->list(house.call(), {}, {}, 2);
  REQUIRE(first);
  REQUIRE(first->size() == 2);
  const auto rest = house.credentials->list(house.call(), {}, first->back().id, 2);
  REQUIRE(rest->size() == 1);
  CHECK(rest->front().issue_time <= first->back().issue_time);
}
