#include "services/registrar/domain/credential_request.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/crypto/keys/software_key.h"
#include "services/registrar/domain/credential_reasons.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

crypto::SoftwareKey make_key(crypto::KeyType type = crypto::KeyType::ec_p256) {
  return *crypto::SoftwareKey::generate(type);
}

crypto::Csr request_for(const crypto::SoftwareKey& key) {
  return *crypto::make_csr({.subject = {.common_name = "whatever the device likes"}}, key);
}

Device onboarding_device() {
  Device device;
  device.id = *DeviceId::parse("01932f4e-0000-7000-8000-000000000001");
  device.serial_number = "00-D0-E5-F2-00-02";
  device.state = DeviceState::onboarding;
  device.idevid_fingerprint = std::string(64, 'a');
  return device;
}

bool only(const Verdict& verdict, std::string_view code) {
  return verdict.findings().size() == 1 && verdict.first().code == code;
}

const Timestamp kNow{std::chrono::seconds(1'000)};

Credential credential_of(const Device& device) {
  Credential credential;
  credential.device = device.id;
  credential.not_after = kNow + std::chrono::hours(1);
  return credential;
}

}  // namespace

TEST_CASE("a device is given a credential while it onboards and while it is admitted") {
  Device device = onboarding_device();
  for (const auto state : kDeviceStates) {
    device.state = state;
    const bool fits = state == DeviceState::onboarding || state == DeviceState::admitted;
    INFO(to_string(state));
    CHECK(judge_device_for_credential(device).accepted() == fits);
    if (!fits) CHECK(only(judge_device_for_credential(device), "DEVICE_NOT_ADMISSIBLE"));
  }
  device.state = DeviceState::admitted;
  device.credential_revoked = true;
  CHECK(only(judge_device_for_credential(device), "DEVICE_REVOKED"));
}

TEST_CASE("a certificate request is judged by its key and nothing else of it") {
  const CredentialProfile profile;
  const Device device = onboarding_device();
  CHECK(judge_credential_request(request_for(make_key()), profile, device).accepted());
  CHECK(judge_credential_request(request_for(make_key(crypto::KeyType::ec_p384)), profile, device).accepted());

  SECTION("a kind of key that the profile does not list") {
    const auto verdict = judge_credential_request(request_for(make_key(crypto::KeyType::ed25519)), profile, device);
    REQUIRE(only(verdict, "CREDENTIAL_KEY_TYPE_REFUSED"));
    CHECK(verdict.first().evidence.back() == std::pair<std::string, std::string>("accepted", "P-256, P-384"));
  }
  SECTION("the manufacturer's key") {
    const auto key = make_key();
    Device own = device;
    own.idevid_fingerprint = hex_encode(key.public_key().fingerprint_sha256());
    CHECK(only(judge_credential_request(request_for(key), profile, own), "CREDENTIAL_KEY_IS_IDEVID"));
  }
  SECTION("a signature that is not by its own key") {
    Bytes der = request_for(make_key()).der();
    der.back() ^= 1;
    const auto altered = crypto::Csr::parse_der(der);
    REQUIRE(altered);
    CHECK(only(judge_credential_request(*altered, profile, device), "CREDENTIAL_REQUEST_UNPROVEN"));
  }
  SECTION("all that is wrong is said at once") {
    const auto key = make_key(crypto::KeyType::ed25519);
    Device own = device;
    own.idevid_fingerprint = hex_encode(key.public_key().fingerprint_sha256());
    CHECK(judge_credential_request(request_for(key), profile, own).findings().size() == 2);
  }
}

TEST_CASE("an RSA key is taken at the size of its kind and above") {
  const auto key = make_key(crypto::KeyType::rsa_2048);
  CHECK(judge_credential_key(key.public_key(), {CredentialKey::rsa_2048}).accepted());
  CHECK(judge_credential_key(key.public_key(), {CredentialKey::rsa_3072}).refused_for("CREDENTIAL_KEY_TYPE_REFUSED"));
  CHECK(parse_credential_key("RSA-3072") == CredentialKey::rsa_3072);
  CHECK(to_string(CredentialKey::p521) == "P-521");
  CHECK_FALSE(parse_credential_key("p-256"));
}

TEST_CASE("a weak key is no key of any kind") {
  const auto rsa_1024 = crypto::PublicKey::parse_spki(*hex_decode(
      "30819f300d06092a864886f70d010101050003818d0030818902818100c2d118d55bb0b096e3ff8f07f2375d6aa89e48740b835a"
      "b2c1b38b9e245eee661c738b6f9e373f91ceebcf790b24aaa3f02b32c7e0ef1994faa27d3af4feb12ddec5bd005b4ce1f39d33ad"
      "2a98577c6a8908e39cff114ec7f7a92a8cd6f720960895ee30a18cd793a53a047d896c9081cc5f88ec75c59cec01bcc92803ac00"
      "690203010001"));
  REQUIRE(rsa_1024);
  CHECK(judge_credential_key(*rsa_1024, {CredentialKey::rsa_2048}).refused_for("CREDENTIAL_KEY_WEAK"));
}

TEST_CASE("a presented certificate counts while it is ours and alive") {
  const Device device = onboarding_device();
  Credential credential = credential_of(device);
  CHECK(judge_renewal(credential, device, kNow).accepted());
  credential.state = CredentialState::successor;
  CHECK(judge_renewal(credential, device, kNow).accepted());

  CHECK(only(judge_renewal(std::nullopt, device, kNow), "CREDENTIAL_UNKNOWN"));
  CHECK(only(judge_renewal(credential, device, kNow + std::chrono::hours(2)), "CREDENTIAL_EXPIRED"));
  credential.state = CredentialState::superseded;
  CHECK(only(judge_renewal(credential, device, kNow), "CREDENTIAL_SUPERSEDED"));
  credential.state = CredentialState::revoked;
  CHECK(only(judge_renewal(credential, device, kNow), "CREDENTIAL_REVOKED"));
  credential.state = CredentialState::active;
  credential.device = *DeviceId::parse("01932f4e-0000-7000-8000-000000000002");
  CHECK(only(judge_renewal(credential, device, kNow), "CREDENTIAL_OF_OTHER_DEVICE"));
}

TEST_CASE("the owner of a certificate has to be admitted") {
  Device device = onboarding_device();
  const std::map<DeviceState, std::string_view> expected = {
      {DeviceState::expected, "DEVICE_NOT_ADMITTED"},   {DeviceState::pending, "DEVICE_NOT_ADMITTED"},
      {DeviceState::onboarding, "DEVICE_NOT_ADMITTED"}, {DeviceState::admitted, ""},
      {DeviceState::quarantined, "DEVICE_QUARANTINED"}, {DeviceState::retired, "DEVICE_RETIRED"}};
  for (const auto& [state, code] : expected) {
    device.state = state;
    const auto verdict = judge_owner(device);
    INFO(to_string(state));
    if (code.empty()) CHECK(verdict.accepted());
    else CHECK(only(verdict, code));
  }
}

TEST_CASE("every reason about credentials is explained to operators and, briefly, to devices") {
  const ReasonCatalogue catalogue({own_reasons(), credential_reasons()});
  for (const auto& reason : credential_reasons()) {
    INFO(reason.code);
    CHECK_FALSE(reason.cause.empty());
    CHECK_FALSE(reason.remedy.empty());
    CHECK_FALSE(reason.safe_message.empty());
  }
  for (const std::string_view code : {"DEVICE_REVOKED", "DEVICE_QUARANTINED", "DEVICE_RETIRED"})
    CHECK(catalogue.knows(code));
}
