#include "services/registrar/app/housekeeping.h"

#include "services/registrar/app/onboarded_registry_test.h"

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

TEST_CASE("a database that is away is told once a round and survived") {
  House house;
  house.database.execute("ALTER TABLE registrar.outbox_head RENAME TO gone");
  house.keeping.run();
  REQUIRE(house.logged.size() == 1);
  CHECK_THAT(house.logged.front(), Catch::Contains("registrar_tidy_failed"));
}
