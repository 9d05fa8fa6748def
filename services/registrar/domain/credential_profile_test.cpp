#include "services/registrar/domain/credential_profile.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::registrar;

namespace {

DeviceFacts device() {
  return {*DeviceId::parse("01932f4e-0000-7000-8000-000000000001"), "00-D0-E5-F2-00-02", "Example Cameras", "Eye 3",
          "plant.example.com"};
}

std::string problem_of(const CredentialProfile& profile) {
  const auto checked = check_profile(profile);
  if (checked) return "";
  CHECK(checked.error().reason == "PROFILE_INVALID");
  return checked.error().message;
}

}  // namespace

TEST_CASE("names of a certificate come from the registry through the profile's templates") {
  CredentialProfile profile;
  profile.organization = "Example Plant";
  profile.common_name = "{model} {serial_number}";
  profile.san_dns = {"{device_id}.devices.{trust_domain}"};
  profile.san_uri = {"spiffe://{trust_domain}/device/{device_id}", "urn:device:{manufacturer}:{serial_number}"};
  REQUIRE(check_profile(profile));
  const auto names = names_for(profile, device());
  REQUIRE(names);
  CHECK(names->subject.common_name == "Eye 3 00-D0-E5-F2-00-02");
  CHECK(names->subject.serial_number == "00-D0-E5-F2-00-02");
  CHECK(names->subject.organization == "Example Plant");
  CHECK(names->alt_names.dns ==
        std::vector<std::string>{"01932f4e-0000-7000-8000-000000000001.devices.plant.example.com"});
  CHECK(names->alt_names.uri ==
        std::vector<std::string>{"spiffe://plant.example.com/device/01932f4e-0000-7000-8000-000000000001",
                                 "urn:device:Example%20Cameras:00-D0-E5-F2-00-02"});
}

TEST_CASE("a serial number cannot break out of the URI that it stands in") {
  CredentialProfile profile;
  profile.san_uri = {"urn:device:{serial_number}"};
  auto odd = device();
  odd.serial_number = "a/../b?c#d%\xC3\xA4";
  const auto names = names_for(profile, odd);
  REQUIRE(names);
  CHECK(names->alt_names.uri.front() == "urn:device:a%2F..%2Fb%3Fc%23d%25%C3%A4");
}

TEST_CASE("a value is not looked at for words again") {
  CredentialProfile profile;
  profile.common_name = "{serial_number}";
  auto odd = device();
  odd.serial_number = "{trust_domain}";
  CHECK(names_for(profile, odd)->subject.common_name == "{trust_domain}");
}

TEST_CASE("names that do not fit are refused") {
  CredentialProfile profile;
  profile.common_name = "{serial_number}";
  auto odd = device();
  odd.serial_number = std::string(64, 'x');
  CHECK(names_for(profile, odd));
  odd.serial_number = std::string(65, 'x');
  CHECK(names_for(profile, odd).error().reason == "CREDENTIAL_NAME_UNUSABLE");
  // The limit counts characters, not bytes.
  odd.serial_number.clear();
  for (int i = 0; i < 64; ++i) odd.serial_number += "\xC3\xA4";
  CHECK(names_for(profile, odd));

  profile.common_name = "{model}";
  odd = device();
  odd.model.clear();
  CHECK(names_for(profile, odd).error().reason == "CREDENTIAL_NAME_UNUSABLE");
}

TEST_CASE("a profile is checked before it is used") {
  CredentialProfile profile;
  CHECK(problem_of(profile).empty());
  SECTION("validity too short") {
    profile.validity = kMinValidity - std::chrono::seconds(1);
    CHECK_THAT(problem_of(profile), Catch::Contains("validity"));
  }
  SECTION("validity too long") {
    profile.validity = kMaxValidity + std::chrono::seconds(1);
    CHECK_THAT(problem_of(profile), Catch::Contains("validity"));
  }
  SECTION("no key type") {
    profile.key_types.clear();
    CHECK_THAT(problem_of(profile), Catch::Contains("key_types"));
  }
  SECTION("no name") {
    profile.common_name.clear();
    CHECK_THAT(problem_of(profile), Catch::Contains("common_name"));
  }
  SECTION("an unknown word") {
    profile.common_name = "{mac_address}";
    CHECK_THAT(problem_of(profile), Catch::Contains("{mac_address}"));
  }
  SECTION("an open brace") {
    profile.common_name = "{model";
    CHECK_THAT(problem_of(profile), Catch::Contains("brace"));
  }
  SECTION("a closing brace alone") {
    profile.common_name = "model} x";
    CHECK_THAT(problem_of(profile), Catch::Contains("brace"));
  }
  SECTION("free text in a DNS name") {
    profile.san_dns = {"{serial_number}.example.com"};
    CHECK_THAT(problem_of(profile), Catch::Contains("DNS"));
  }
  SECTION("a URI without a scheme") {
    profile.san_uri = {"{device_id}"};
    CHECK_THAT(problem_of(profile), Catch::Contains("scheme"));
  }
}

TEST_CASE("profiles are found by name, the default one always") {
  CredentialProfile camera;
  camera.organization = "Cameras";
  auto profiles = CredentialProfiles::make({{"camera", camera}});
  REQUIRE(profiles);
  CHECK(profiles->get("camera")->profile.organization == "Cameras");
  CHECK(profiles->get("")->name == "default");
  CHECK(profiles->get("default")->profile.organization.empty());
  CHECK(profiles->get("Camera").error().reason == "CREDENTIAL_PROFILE_UNKNOWN");
  CHECK(profiles->has("camera"));
  CHECK_FALSE(profiles->has("lamp"));

  camera.key_types.clear();
  const auto bad = CredentialProfiles::make({{"camera", camera}});
  REQUIRE_FALSE(bad);
  CHECK_THAT(bad.error().message, Catch::Contains("'camera'"));
}
