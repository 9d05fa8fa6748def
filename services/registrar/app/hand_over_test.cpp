#include "services/registrar/app/hand_over.h"

#include <algorithm>
#include <thread>

#include "libs/base/hex.h"
#include "services/registrar/app/revocation_world_test.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

struct House : RevocationWorld {
  House() : old(issue(lamp)), renewed(issue(lamp, old.der())) {}

  std::string uses(const crypto::Certificate& certificate, bool in_use = true) {
    const auto identified = credentials.identify(call(), certificate.der(), in_use);
    REQUIRE(identified);
    CHECK(identified->device == lamp.id);
    return identified->findings.empty() ? "" : identified->findings.front().code;
  }
  /// At a port, where a RADIUS server sees the certificate's name alone.
  std::string logs_on(const crypto::Certificate& certificate) {
    const CertificateName name{hex_encode(certificate.authority_key_id().value()), certificate.serial_hex()};
    const auto identified = credentials.identify(call(), name, true);
    REQUIRE(identified);
    return identified->findings.empty() ? "" : identified->findings.front().code;
  }
  CredentialState state(const crypto::Certificate& certificate) { return credential_of(certificate).state; }
  std::string in_force() {
    return database.query("SELECT count(*) FROM registrar.credential WHERE state IN ('active', 'successor')");
  }
  /// The registry after a hand-over: one credential, the renewed one.
  void check_handed_over(DeviceState expected) {
    CHECK(state(old) == CredentialState::superseded);
    CHECK(state(renewed) == CredentialState::active);
    CHECK(in_force() == "1");
    const auto device = read(lamp);
    CHECK(device.state == expected);
    CHECK(device.credential == credential_of(renewed).id);
    CHECK(device.last_seen_time == clock.now());
    const auto done = audit();
    CHECK(std::ranges::count(done, "credential.supersede") == 1);
    CHECK(std::ranges::count(done, "device.admit") == 1);  // of its onboarding
  }

  Device lamp = allowed("LAMP-1");
  crypto::Certificate old, renewed;
};

}  // namespace

TEST_CASE("hand-over: a quarantined device that shows its new certificate keeps that alone, and stays held back") {
  House house;
  REQUIRE(house.devices.quarantine(house.change(), house.lamp.id, "it scans"));
  CHECK(house.uses(house.old) == "DEVICE_QUARANTINED");              // the old one in use ends nothing,
  CHECK(house.uses(house.renewed, false) == "DEVICE_QUARANTINED");  // nor a look at the new one
  CHECK(house.in_force() == "2");
  house.clock.advance(1h);

  SECTION("at our door") { CHECK(house.uses(house.renewed) == "DEVICE_QUARANTINED"); }
  SECTION("at a port") { CHECK(house.logs_on(house.renewed) == "DEVICE_QUARANTINED"); }

  house.check_handed_over(DeviceState::quarantined);
  const auto told = house.events();
  CHECK(std::vector(told.end() - 2, told.end()) ==
        std::vector<std::string>{"credential.superseded", "device.updated"});
  CHECK(house.uses(house.old) == "CREDENTIAL_SUPERSEDED");
  CHECK(house.uses(house.renewed) == "DEVICE_QUARANTINED");
  CHECK(house.events() == told);  // once

  REQUIRE(house.devices.release(house.change(), house.lamp.id, "it was us"));
  house.check_handed_over(DeviceState::admitted);
  CHECK(house.uses(house.renewed) == "");
}

TEST_CASE("hand-over: a device that was quarantined and released meanwhile is handed over like any other") {
  House house;
  REQUIRE(house.devices.quarantine(house.change(), house.lamp.id, "it scans"));
  REQUIRE(house.devices.release(house.change(), house.lamp.id, "it was us"));
  CHECK(house.uses(house.old) == "");  // it may not have the new one yet
  CHECK(house.in_force() == "2");
  CHECK(house.uses(house.renewed) == "");
  house.check_handed_over(DeviceState::admitted);
  CHECK(house.events().back() == "device.admitted");
}

TEST_CASE("hand-over: of a device that knocks as a new one meanwhile") {
  House house;
  const auto state = GENERATE(DeviceState::pending, DeviceState::onboarding);
  house.set_state(house.lamp, state);
  CHECK(house.uses(house.renewed) == "DEVICE_NOT_ADMITTED");
  house.check_handed_over(state);  // its old credential lets nobody in
  if (state == DeviceState::onboarding) {
    const auto anew = house.issue(house.lamp);
    CHECK(house.in_force() == "1");
    CHECK(house.uses(anew) == "");
  }
}

TEST_CASE("hand-over: of two renewals the one that counts takes over, in quarantine too") {
  House house;
  const auto second = house.issue(house.lamp, house.old.der());
  REQUIRE(house.devices.quarantine(house.change(), house.lamp.id, "it scans"));
  CHECK(house.uses(house.renewed) == "CREDENTIAL_SUPERSEDED");  // it lost its place to the second
  CHECK(house.in_force() == "2");
  CHECK(house.uses(second) == "DEVICE_QUARANTINED");
  CHECK(house.in_force() == "1");
  CHECK(house.state(second) == CredentialState::active);
  CHECK(house.read(house.lamp).credential == house.credential_of(second).id);
}

TEST_CASE("hand-over: a certificate that counts no more takes nobody's place, and a revoked one stays revoked") {
  House house;
  REQUIRE(house.devices.quarantine(house.change(), house.lamp.id, "it scans"));
  SECTION("the new one was revoked") {
    house.revoke(house.renewed);
    CHECK(house.uses(house.renewed) == "CREDENTIAL_REVOKED");
    CHECK(house.state(house.old) == CredentialState::active);
  }
  SECTION("the new one has expired") {
    house.clock.advance(24h * 91);
    CHECK(house.uses(house.renewed) == "CREDENTIAL_EXPIRED");
    CHECK(house.state(house.old) == CredentialState::active);
    CHECK(house.state(house.renewed) == CredentialState::successor);
  }
  SECTION("the old one was revoked") {
    house.revoke(house.old);
    CHECK(house.uses(house.renewed) == "DEVICE_QUARANTINED");
    CHECK(house.state(house.old) == CredentialState::revoked);
    CHECK(house.state(house.renewed) == CredentialState::active);
    REQUIRE(house.devices.release(house.change(), house.lamp.id, "it was us"));
    CHECK(house.uses(house.renewed) == "DEVICE_NOT_ADMITTED");  // an operator revoked one of its: it is reset first
  }
  SECTION("the device was retired") {
    REQUIRE(house.devices.retire(house.change(), house.lamp.id, "sold"));
    CHECK(house.uses(house.renewed) == "CREDENTIAL_REVOKED");
    CHECK(house.in_force() == "0");
  }
  SECTION("the device was reset") {
    REQUIRE(house.devices.reset(house.change(), house.lamp.id, "wiped"));
    CHECK(house.uses(house.renewed) == "CREDENTIAL_REVOKED");
    CHECK(house.in_force() == "0");
  }
}

TEST_CASE("hand-over: happens once, whoever else speaks of the device at the same time") {
  House house;
  {
    std::vector<std::jthread> others;
    for (int i = 0; i < 3; ++i)
      others.emplace_back([&] { (void)house.credentials.identify(house.call(), house.renewed.der(), true); });
    others.emplace_back([&] { (void)house.devices.quarantine(house.change(), house.lamp.id, "it scans"); });
    others.emplace_back([&] { (void)house.credentials.identify(house.call(), house.old.der(), true); });
  }
  (void)house.uses(house.renewed);  // those above may have run out of time
  CHECK(house.in_force() == "1");
  CHECK(house.state(house.old) == CredentialState::superseded);
  CHECK(house.read(house.lamp).credential == house.credential_of(house.renewed).id);
  CHECK(std::ranges::count(house.audit(), "credential.supersede") == 1);
}
