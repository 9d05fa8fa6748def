#include "services/registrar/app/issuance.h"

#include <thread>

#include "libs/base/hex.h"
#include "services/registrar/app/credentials.h"
#include "services/registrar/app/onboarded_registry_test.h"
#include "services/registrar/domain/current_authority.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

using Words = std::vector<std::string>;

crypto::SoftwareKey new_key() { return *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256); }
Bytes csr_for(const crypto::SoftwareKey& key) {
  return crypto::make_csr({.subject = {.common_name = "root of all"}, .alt_names = {.dns = {"evil.example.com"}}}, key)
      ->der();
}
std::string code_of(const std::vector<Finding>& findings) { return findings.empty() ? "" : findings.front().code; }

/// The local authority behind a door that a test may close, as an upstream one is.
class Upstream final : public Authority {
 public:
  explicit Upstream(Authority& inner) : inner_(inner) {}
  Result<Issued> issue(const CertificateOrder& order) override {
    orders.push_back(order.id);
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    if (answer) return *std::exchange(answer, std::nullopt);
    return inner_.issue(order);
  }
  std::vector<crypto::Certificate> chain() const override { return inner_.chain(); }
  std::optional<RevocationSigner> revocation_signer() const override { return std::nullopt; }

  std::vector<CredentialId> orders;
  std::optional<Result<Issued>> answer;  // once, in place of the inner one's
  std::function<void()> meanwhile;

 private:
  Authority& inner_;
};

struct House : OnboardedRegistry {
  House() {
    CredentialProfile plain;
    plain.san_uri = {"spiffe://{trust_domain}/device/{device_id}"};
    plain.common_name = "{serial_number}";
    profiles = *CredentialProfiles::make({{"default", plain}});
    const auto key = new_key();
    const auto root = *crypto::issue_self_signed(
        crypto::CertificateProfile::root_ca({.common_name = "Root"}, clock.now() - 24h, clock.now() + 24h * 3650), key,
        random);
    local = std::move(*LocalAuthority::make({root}, std::make_shared<crypto::SoftwareKey>(key), clock, random));
    upstream.emplace(*local);
    issuance.emplace(surroundings(), *upstream, profiles, "plant.example.com");
    credentials.emplace(surroundings());
  }

  IssueAnswer issue(const Device& device, const Bytes& csr, const Bytes& renewed = {}) {
    auto answer = issuance->issue(call(), {device.id, session(device), csr, renewed});
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *std::move(answer);
  }
  IssueAnswer issue(const Device& device) { return issue(device, csr_for(new_key())); }
  IssueAnswer renew(const Device& device, const Bytes& presented, const crypto::SoftwareKey& key = new_key()) {
    auto answer = issuance->issue(call(), {device.id, {}, csr_for(key), presented});
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *std::move(answer);
  }
  std::string identify(const IssueAnswer& given, bool in_use = false) {
    auto identified = credentials->identify(call(), given.certificate, in_use);
    if (!identified) FAIL(identified.error().reason << ": " << identified.error().message);
    if (identified->device.empty()) CHECK_FALSE(identified->findings.empty());
    return code_of(identified->findings);
  }

  /// As a RADIUS server saw it.
  static CertificateName name_of(const IssueAnswer& given) {
    const auto certificate = *crypto::Certificate::parse_der(given.certificate);
    return {hex_encode(certificate.authority_key_id().value()), certificate.serial_hex()};
  }
  std::string identify(const CertificateName& name, bool in_use) {
    auto identified = credentials->identify(call(), name, in_use);
    if (!identified) FAIL(identified.error().reason << ": " << identified.error().message);
    return code_of(identified->findings);
  }

  CredentialProfiles profiles;
  std::unique_ptr<LocalAuthority> local;
  std::optional<Upstream> upstream;
  std::optional<Issuance> issuance;
  std::optional<Credentials> credentials;
};

}  // namespace

TEST_CASE("when another CA takes over, credentials of the old one are known, and renewed by the new one") {
  House house;
  auto old = std::make_shared<Upstream>(*house.local);
  CurrentAuthority current(old);
  house.issuance.emplace(house.surroundings(), current, house.profiles, "plant.example.com");
  const auto device = house.allowed("LAMP-1");
  const auto first = house.issue(device);
  const auto unanswered = new_key();
  old->answer = Result<Issued>(unavailable("AUTHORITY_UNAVAILABLE", "away"));
  auto second = house.allowed("LAMP-2");
  CHECK_FALSE(house.issuance->issue(house.call(), {second.id, house.session(second), csr_for(unanswered)}));

  const auto key = new_key();
  const auto root = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Next root"}, house.clock.now() - 24h, crypto::kNoExpiry),
      key, house.random);
  current.replace(
      *LocalAuthority::make({root}, std::make_shared<crypto::SoftwareKey>(key), house.clock, house.random));
  CHECK(house.issuance->authority_chain() == std::vector{root});
  CHECK(house.identify(first, true) == "");
  house.clock.advance(24h);
  const auto renewed = house.renew(device, first.certificate);
  CHECK(code_of(renewed.findings) == "");
  CHECK(crypto::Certificate::parse_der(renewed.certificate)->issuer() == root.subject());
  CHECK(crypto::Certificate::parse_der(first.certificate)->issuer() != root.subject());
  CHECK(house.identify(first) == "");  // until the new one is used
  CHECK(house.identify(renewed, true) == "");
  CHECK(house.identify(first) == "CREDENTIAL_SUPERSEDED");
  // An order that the old CA did not answer is answered by the new one.
  const auto late = house.issue(second, csr_for(unanswered));
  CHECK(code_of(late.findings) == "");
  CHECK(crypto::Certificate::parse_der(late.certificate)->issuer() == root.subject());
}

TEST_CASE("a renewed certificate's first use at a port ends the one before, by serial number and issuer alone") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto first = house.issue(device);
  const auto renewed = house.renew(device, first.certificate);
  auto name = House::name_of(renewed);
  CHECK(house.identify(House::name_of(first), true) == "");  // the old one in use ends nothing
  CHECK(house.identify(name, false) == "");
  CHECK(house.identify(first) == "");
  CHECK(house.identify({"00" + name.authority_key_id, name.serial}, true) == "CREDENTIAL_UNKNOWN");
  CHECK(house.identify({name.authority_key_id, "0" + name.serial}, true) == "CREDENTIAL_UNKNOWN");
  CHECK(house.identify({name.authority_key_id, ""}, true) == "CREDENTIAL_UNKNOWN");
  CHECK(house.identify(first) == "");
  CHECK(house.identify(name, true) == "");
  CHECK(house.identify(first) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(House::name_of(first), true) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(renewed) == "");
}

TEST_CASE("an allowed device is given a certificate with the registry's names") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto key = new_key();
  const auto form = house.issuance->get_template(house.call(), device.id);
  REQUIRE(form);
  CHECK(form->profile == "default");
  CHECK(form->key_types == std::vector{CredentialKey::p256, CredentialKey::p384});

  const auto answer = house.issue(device, csr_for(key));
  CHECK(answer.findings.empty());
  const auto certificate = *crypto::Certificate::parse_der(answer.certificate);
  CHECK(certificate.public_key() == key.public_key());
  CHECK(certificate.common_name() == "LAMP-1");
  CHECK(certificate.subject_serial_number() == "LAMP-1");
  CHECK(certificate.subject_alt_names() == form->names.alt_names);  // nothing of what the request asked for
  CHECK(certificate.subject_alt_names().uri == Words{"spiffe://plant.example.com/device/" + device.id.text()});

  const auto admitted = house.read(device);
  CHECK(admitted.state == DeviceState::admitted);
  CHECK(admitted.credential == answer.credential);
  CHECK(admitted.onboarding_count == 1);
  CHECK(house.identify(answer) == "");
  CHECK(house.audit() == Words{"credential.issue", "device.admit"});
  CHECK(house.events() == Words{"credential.issued", "device.admitted"});
  const auto stored = house.credentials->get(house.call(), answer.credential);
  REQUIRE(stored);
  CHECK(stored->certificate_serial == certificate.serial_hex());
  CHECK(stored->key_fingerprint == hex_encode(key.public_key().fingerprint_sha256()));
}

TEST_CASE("the same key of the same session is given the same certificate") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto csr = csr_for(new_key());
  const auto first = house.issue(device, csr);
  const auto again = house.issue(device, csr);
  CHECK(again.credential == first.credential);
  CHECK(again.certificate == first.certificate);
  CHECK(house.upstream->orders.size() == 1);
  CHECK(house.audit().size() == 2);
}

TEST_CASE("two requests with one key at the same time make one credential") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto csr = csr_for(new_key());
  std::vector<Bytes> given(4);
  {
    LocalAuthority& authority = *house.local;
    Issuance issuance(house.surroundings(), authority, house.profiles, "plant.example.com");
    std::vector<std::jthread> askers;
    for (auto& slot : given)
      askers.emplace_back([&] {
        const auto answer = issuance.issue(house.call(), {device.id, house.session(device), csr, {}});
        if (answer) slot = answer->certificate;
      });
  }
  CHECK_FALSE(given.front().empty());
  for (const auto& one : given) CHECK(one == given.front());
  CHECK(house.database.query("SELECT count(*) FROM registrar.credential") == "1");
  CHECK(house.events() == Words{"credential.issued", "device.admitted"});
}

TEST_CASE("a certificate is refused with its reasons, and nothing is stored") {
  House house;
  auto device = house.allowed("LAMP-1");
  const auto refused = [&](const IssueAnswer& answer, std::string_view code) {
    CHECK(code_of(answer.findings) == code);
    CHECK(answer.certificate.empty());
  };
  SECTION("a request that is none") { refused(house.issue(device, {1, 2, 3}), "CREDENTIAL_REQUEST_UNREADABLE"); }
  SECTION("a weak kind of key") {
    refused(house.issue(device, csr_for(*crypto::SoftwareKey::generate(crypto::KeyType::ed25519))),
            "CREDENTIAL_KEY_TYPE_REFUSED");
  }
  SECTION("the manufacturer's key") {
    const auto key = new_key();
    house.database.execute("UPDATE registrar.device SET idevid_fingerprint = '" +
                           hex_encode(key.public_key().fingerprint_sha256()) + "'");
    refused(house.issue(device, csr_for(key)), "CREDENTIAL_KEY_IS_IDEVID");
  }
  SECTION("another session than the one that was allowed") {
    const auto answer = house.issuance->issue(
        house.call(), {device.id, SessionId::make(house.clock, house.random), csr_for(new_key()), {}});
    refused(*answer, "SESSION_NOT_ALLOWED");
  }
  SECTION("a device that was quarantined meanwhile") {
    house.set_state(device, DeviceState::quarantined);
    refused(house.issue(device), "DEVICE_NOT_ADMISSIBLE");
  }
  SECTION("a device that nobody knows") {
    const auto answer = house.issuance->issue(
        house.call(), {DeviceId::make(house.clock, house.random), house.session(device), csr_for(new_key()), {}});
    CHECK(answer.error().reason == "DEVICE_UNKNOWN");
  }
  CHECK(house.upstream->orders.empty());
  CHECK(house.database.query("SELECT count(*) FROM registrar.credential_order") == "0");
  CHECK(house.events().empty());
}

TEST_CASE("a key is certified once, ever") {
  House house;
  auto device = house.allowed("LAMP-1");
  const auto other = house.allowed("LAMP-2");
  const auto csr = csr_for(new_key());
  REQUIRE(house.issue(device, csr).findings.empty());
  CHECK(code_of(house.issue(other, csr).findings) == "CREDENTIAL_KEY_REUSED");  // another device
  (void)house.knock(device);
  CHECK(code_of(house.issue(device, csr).findings) == "CREDENTIAL_KEY_REUSED");  // another onboarding
}

TEST_CASE("a renewed certificate takes over when it is first used") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto old = house.issue(device);
  const auto renewed = house.renew(device, old.certificate);
  REQUIRE(renewed.findings.empty());
  // Both admit: the device may not have stored the new one yet.
  CHECK(house.identify(old, true) == "");
  CHECK(house.identify(renewed) == "");
  CHECK(house.read(device).credential == old.credential);

  CHECK(house.identify(renewed, true) == "");
  CHECK(house.identify(old) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(renewed, true) == "");
  CHECK(house.read(device).credential == renewed.credential);
  CHECK(house.read(device).onboarding_count == 1);
  CHECK(house.audit() == Words{"credential.issue", "device.admit", "credential.issue", "credential.supersede"});
  CHECK(house.events() == Words{"credential.issued", "device.admitted", "credential.issued", "credential.superseded",
                                "device.admitted"});
}

TEST_CASE("a renewal whose answer was lost is begun again") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto old = house.issue(device);
  const auto lost = house.renew(device, old.certificate);
  const auto key = new_key();
  const auto second = house.renew(device, old.certificate, key);
  REQUIRE(second.findings.empty());
  CHECK(house.renew(device, old.certificate, key).certificate == second.certificate);
  CHECK(house.identify(lost) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(old) == "");
  CHECK(house.identify(second, true) == "");
  CHECK(house.identify(old) == "CREDENTIAL_SUPERSEDED");
}

TEST_CASE("a successor that is shown to be renewed is in use") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto first = house.issue(device);
  const auto second = house.renew(device, first.certificate);
  const auto third = house.renew(device, second.certificate);
  REQUIRE(third.findings.empty());
  CHECK(house.identify(first) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(second) == "");
  CHECK(house.identify(third) == "");
  CHECK(house.read(device).credential == second.credential);
}

TEST_CASE("a renewal needs a certificate of the device that counts") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto other = house.allowed("LAMP-2");
  const auto mine = house.issue(device);
  const auto theirs = house.issue(other);
  CHECK(code_of(house.renew(device, theirs.certificate).findings) == "CREDENTIAL_OF_OTHER_DEVICE");
  CHECK(code_of(house.renew(device, {1, 2, 3}).findings) == "CREDENTIAL_UNKNOWN");
  const auto newer = house.renew(device, mine.certificate);
  CHECK(house.identify(newer, true) == "");
  CHECK(code_of(house.renew(device, mine.certificate).findings) == "CREDENTIAL_SUPERSEDED");
  house.set_state(device, DeviceState::quarantined);
  CHECK(code_of(house.renew(device, newer.certificate).findings) == "DEVICE_NOT_ADMISSIBLE");
  house.set_state(device, DeviceState::admitted);
  house.clock.advance(24h * 91);
  CHECK(code_of(house.renew(device, newer.certificate).findings) == "CREDENTIAL_EXPIRED");
}

TEST_CASE("a device that onboards anew has one credential, the new one") {
  House house;
  auto device = house.allowed("LAMP-1");
  const auto first = house.issue(device);
  const auto renewed = house.renew(device, first.certificate);
  (void)house.knock(device);
  const auto anew = house.issue(device);
  REQUIRE(anew.findings.empty());
  CHECK(house.identify(first) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(renewed) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.identify(anew) == "");
  CHECK(house.read(device).credential == anew.credential);
}

TEST_CASE("an authority that answers later is given the same order again") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto csr = csr_for(new_key());
  house.upstream->answer = Issued(Pending{30s});
  const auto pending = house.issuance->issue(house.call(), {device.id, house.session(device), csr, {}});
  REQUIRE_FALSE(pending);
  CHECK(pending.error().code == ErrorCode::unavailable);
  CHECK(pending.error().reason == "CREDENTIAL_PENDING");
  CHECK(house.read(device).state == DeviceState::onboarding);

  house.upstream->answer = unavailable("AUTHORITY_UNAVAILABLE", "no route");  // or it fails for a while
  CHECK(house.issuance->issue(house.call(), {device.id, house.session(device), csr, {}}).error().reason ==
        "AUTHORITY_UNAVAILABLE");

  const auto answer = house.issue(device, csr);
  CHECK(answer.findings.empty());
  REQUIRE(house.upstream->orders.size() == 3);
  for (const auto& order : house.upstream->orders) CHECK(order == answer.credential);
}

TEST_CASE("an authority's answer that is not what was ordered does not count") {
  House house;
  const auto device = house.allowed("LAMP-1");
  house.upstream->answer = Issued(house.local->chain().front());
  const auto answer = house.issuance->issue(house.call(), {device.id, house.session(device), csr_for(new_key()), {}});
  CHECK(answer.error().reason == "AUTHORITY_ANSWER_WRONG");
  CHECK(house.database.query("SELECT count(*) FROM registrar.credential") == "0");
}

TEST_CASE("a device that is retired while the authority works is given nothing") {
  House house;
  const auto device = house.allowed("LAMP-1");
  house.upstream->meanwhile = [&] { house.set_state(device, DeviceState::retired); };
  CHECK(code_of(house.issue(device).findings) == "DEVICE_NOT_ADMISSIBLE");
  CHECK(house.database.query("SELECT count(*) FROM registrar.credential") == "0");
}
