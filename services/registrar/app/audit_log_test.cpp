#include "services/registrar/app/audit_log.h"

#include "services/registrar/app/onboarded_registry_test.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

constexpr int kLong = 2 * kAuditVerifyPage + 100;  // more than two pages

struct House : OnboardedRegistry {
  House() {
    REQUIRE(with([&](pg::Tx& tx) -> Result<void> {
      for (int i = 1; i <= kLong; ++i)
        TRY_VOID(
            append_audit(tx, {"operator/ada", "device.create", "devices/" + std::to_string(i), "", {}}, clock.now()));
      return {};
    }));
  }
  AuditChainVerdict verify(std::optional<AuditHead> known = {}) {
    return *AuditLog(surroundings(), log).verify(call(), known);
  }
};

}  // namespace

TEST_CASE("a long audit log is verified page by page") {
  House house;
  const auto verdict = house.verify();
  CHECK(verdict.problem == "");
  CHECK(verdict.entries == kLong);
  const auto entries = AuditLog(house.surroundings(), house.log).list(house.call(), {}, kNewestAudit, 1);
  CHECK(entries->front().hash == verdict.head_hash);
  CHECK(house.verify(AuditHead{kLong, verdict.head_hash}).intact());
  CHECK(house.verify(AuditHead{kLong + 1, verdict.head_hash}).broken_sequence == kLong + 1);
}

TEST_CASE("an entry altered on any page is the one that is named") {
  House house;
  for (const int victim : {1, kAuditVerifyPage, kAuditVerifyPage + 1, kLong}) {
    const std::string where = " WHERE sequence = " + std::to_string(victim);
    const auto set = [&](const std::string& reason) {
      house.database.execute("SET search_path TO registrar; ALTER TABLE audit_entry DISABLE TRIGGER ALL;"
                             "UPDATE audit_entry SET reason = '" + reason + "'" + where + ";"
                             "ALTER TABLE audit_entry ENABLE TRIGGER ALL");
    };
    set("x");
    house.logged.clear();
    CHECK(house.verify().broken_sequence == victim);
    REQUIRE(house.logged.size() == 1);
    CHECK_THAT(house.logged.front(), Catch::Contains("audit_broken") && Catch::Contains("altered"));
    set("");
    CHECK(house.verify().intact());
    CHECK(house.logged.size() == 1);
  }
}
