#include "services/registrar/app/housekeeping.h"

#include "libs/base/hex.h"
#include "services/registrar/app/onboarded_registry_test.h"
#include "services/registrar/storage/credentials.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

struct House : OnboardedRegistry {
  obs::Metrics metrics{catalogue()};
  Housekeeping keeping{surroundings(), log, metrics};

  bool shows(std::string_view line) { return metrics.text().contains(std::string(line) + "\n"); }
};

}  // namespace

TEST_CASE("the catalogue is whole") { CHECK(catalogue().check()); }

TEST_CASE("the metrics say how many devices there are, by state") {
  House house;
  (void)house.allowed("LAMP-1");
  house.set_state(house.allowed("LAMP-2"), DeviceState::admitted);
  house.keeping.run();
  CHECK(house.shows("pratique_registrar_devices{state=\"onboarding\"} 1"));
  CHECK(house.shows("pratique_registrar_devices{state=\"admitted\"} 1"));
  CHECK(house.shows("pratique_registrar_devices{state=\"retired\"} 0"));
  CHECK(house.shows("pratique_registrar_pending_approvals 0"));
  CHECK(house.logged.empty());
}

TEST_CASE("the metrics say how many devices' credentials end soon, or have ended") {
  House house;
  int number = 0;
  // `days`: until the end.
  const auto give = [&](const Device& device, CredentialState state, int days) {
    const auto key = crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)->public_key();
    Credential one;
    one.id = CredentialId::make(house.clock, house.random);
    one.device = device.id;
    one.state = CredentialState::active;
    one.not_after = house.clock.now() + days * 24h;
    one.key_fingerprint = hex_encode(key.fingerprint_sha256());
    one.certificate = house.random.bytes(64);
    one.state = state == CredentialState::successor ? state : CredentialState::active;
    const auto done = house.with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(insert_order(tx, {{one.id, key, {}, {}, one.not_after, {1}}, device.id, {}, "", true, {}}));
      TRY_VOID(insert_credential(tx, one));
      if (state == one.state) return {};
      return set_credential_state(tx, one.id, state, crypto::RevocationReason::superseded, "", house.clock.now());
    });
    if (!done) FAIL(done.error().message);
  };
  const auto device = [&] { return house.allowed("LAMP-" + std::to_string(++number)); };
  const auto shown = [&] {
    house.keeping.run();
    std::string out;
    for (const std::string name : {"expiring{within=\"7d\"}", "expiring{within=\"30d\"}", "expired"}) {
      const auto text = house.metrics.text();
      const auto at = text.find("\npratique_registrar_credentials_" + name + " ");
      out += text.substr(text.find(' ', at) + 1, 1);
    }
    return out;
  };
  CHECK(shown() == "000");
  give(device(), CredentialState::active, 90);
  give(device(), CredentialState::active, 31);
  CHECK(shown() == "000");
  give(device(), CredentialState::active, 8);
  CHECK(shown() == "010");
  give(device(), CredentialState::active, 7);
  CHECK(shown() == "120");
  give(device(), CredentialState::active, -1);
  CHECK(shown() == "121");
  // Whoever has renewed is no worry, before the new one is used and after.
  const auto renewed = device();
  give(renewed, CredentialState::active, -1);
  give(renewed, CredentialState::successor, 60);
  const auto used = device();
  give(used, CredentialState::superseded, 3);
  give(used, CredentialState::active, 60);
  give(device(), CredentialState::revoked, 3);
  CHECK(shown() == "121");
  // One device counts once, by the longer of the two.
  const auto twice = device();
  give(twice, CredentialState::active, 20);
  give(twice, CredentialState::successor, 10);
  CHECK(shown() == "131");
  house.clock.advance(5 * 24h);
  CHECK(shown() == "241");
}

TEST_CASE("a database that is away is told once a round and survived") {
  House house;
  house.database.execute("ALTER TABLE registrar.outbox_head RENAME TO gone");
  house.keeping.run();
  REQUIRE(house.logged.size() == 1);
  CHECK_THAT(house.logged.front(), Catch::Contains("registrar_tidy_failed"));
}
