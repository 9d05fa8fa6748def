#include "services/registrar/app/audit_log.h"

#include <functional>

#include "libs/base/hex.h"
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
    return AuditLog(surroundings(), log).verify(call(), {.known = std::move(known)})->verdict;
  }
  /// In as many parts as there are pages. `between` is called after each.
  AuditChainVerdict verify_in_parts(std::optional<AuditHead> known = {}, std::function<void()> between = [] {}) {
    AuditQuestion question{.known = std::move(known), .from = {}, .stop_after = 0ms};
    for (parts = 1;; ++parts) {
      auto proof = *AuditLog(surroundings(), log).verify(call(), question);
      if (!proof.stopped) return proof.verdict;
      CHECK(proof.verdict.intact());
      CHECK(proof.verdict.entries == question.from.sequence + kAuditVerifyPage);
      question.from = {proof.verdict.entries, proof.verdict.head_hash};
      if (question.known && question.known->sequence <= question.from.sequence) question.known.reset();
      between();
    }
  }
  /// What somebody with all rights over the database could do.
  void tamper(const std::string& sql) const {
    database.execute("SET search_path TO registrar; ALTER TABLE audit_entry DISABLE TRIGGER ALL;"
                     "ALTER TABLE audit_head DISABLE TRIGGER ALL;" + sql +
                     "; ALTER TABLE audit_entry ENABLE TRIGGER ALL; ALTER TABLE audit_head ENABLE TRIGGER ALL");
  }
  int parts = 0;
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

TEST_CASE("a log that is verified in parts is judged as in one go") {
  House house;
  const auto whole = house.verify();
  auto verdict = house.verify_in_parts();
  CHECK(house.parts == 3);
  CHECK(verdict.intact());
  CHECK(verdict.entries == kLong);
  CHECK(verdict.head_hash == whole.head_hash);
  // What was seen before is compared, in whichever part it lies.
  for (const std::int64_t seen : {1, kAuditVerifyPage, kAuditVerifyPage + 1, kLong}) {
    const auto hash =
        house.database.query("SELECT encode(hash, 'hex') FROM registrar.audit_entry WHERE sequence = " +
                             std::to_string(seen));
    CHECK(house.verify_in_parts(AuditHead{seen, *hex_decode(hash)}).intact());
    CHECK(house.verify_in_parts(AuditHead{seen, Bytes(kAuditHashSize, 1)}).broken_sequence == seen);
  }
  CHECK(house.verify_in_parts(AuditHead{kLong + 1, whole.head_hash}).broken_sequence == kLong + 1);
  // Appending goes on meanwhile.
  verdict = house.verify_in_parts({}, [&] {
    REQUIRE(house.with([&](pg::Tx& tx) {
      return append_audit(tx, {"operator/ada", "device.create", "devices/0", "", {}}, house.clock.now());
    }));
  });
  CHECK(verdict.entries == kLong + 2);
}

TEST_CASE("what was done at the border between two parts is found") {
  House house;
  const auto last = std::to_string(kAuditVerifyPage), first = std::to_string(kAuditVerifyPage + 1);
  const auto found = [&](std::int64_t sequence, std::string_view words, std::function<void()> between = [] {}) {
    house.logged.clear();
    const auto verdict = house.verify_in_parts({}, std::move(between));
    CHECK(verdict.broken_sequence == sequence);
    CHECK_THAT(verdict.problem, Catch::Contains(std::string(words)));
    REQUIRE(house.logged.size() == 1);
    CHECK_THAT(house.logged.front(), Catch::Contains("audit_broken"));
  };
  SECTION("the first of the second part was altered") {
    house.tamper("UPDATE audit_entry SET reason = 'x' WHERE sequence = " + first);
    found(kAuditVerifyPage + 1, "altered");
  }
  SECTION("the last of the first part was altered") {
    house.tamper("UPDATE audit_entry SET reason = 'x' WHERE sequence = " + last);
    found(kAuditVerifyPage, "altered");
  }
  SECTION("the last of the first part was taken out") {
    house.tamper("DELETE FROM audit_entry WHERE sequence = " + last);
    found(kAuditVerifyPage, "missing");
  }
  SECTION("the first of the second part was taken out") {
    house.tamper("DELETE FROM audit_entry WHERE sequence = " + first);
    found(kAuditVerifyPage + 1, "missing");
  }
  SECTION("the first of the second part was replaced by one that fits itself") {
    auto entries = *house.with(
        [](pg::Tx& tx) { return load_audit_after(tx, kAuditVerifyPage, 1); });
    entries.front().previous_hash = Bytes(kAuditHashSize, 7);
    const auto hash = hex_encode(audit_hash(entries.front()));
    house.tamper("UPDATE audit_entry SET previous_hash = decode('" + hex_encode(entries.front().previous_hash) +
                 "', 'hex'), hash = decode('" + hash + "', 'hex') WHERE sequence = " + first);
    found(kAuditVerifyPage + 1, "does not follow");
  }
  SECTION("between the parts, the log was cut to what was verified") {
    found(kAuditVerifyPage + 1, "cut off", [&] { house.tamper("DELETE FROM audit_entry WHERE sequence > " + last); });
  }
  SECTION("between the parts, the log was cut and its head put back") {
    found(kAuditVerifyPage - 1, "put back", [&] {
      house.tamper("DELETE FROM audit_entry WHERE sequence > " + last + " - 2; UPDATE audit_head SET (sequence, hash) ="
                   " (SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1)");
    });
  }
  SECTION("between the parts, all was written anew") {
    found(kAuditVerifyPage + 1, "does not follow", [&] {
      std::string sql;
      Bytes previous = audit_genesis();
      auto entries = *house.with([](pg::Tx& tx) { return load_audit_after(tx, 0, kLong); });
      for (auto& entry : entries) {
        entry.record.reason = "x";
        entry.previous_hash = previous;
        previous = audit_hash(entry);
        sql += "UPDATE audit_entry SET reason = 'x', previous_hash = decode('" + hex_encode(entry.previous_hash) +
               "', 'hex'), hash = decode('" + hex_encode(previous) + "', 'hex') WHERE sequence = " +
               std::to_string(entry.sequence) + ";";
      }
      house.tamper(sql + "UPDATE audit_head SET hash = decode('" + hex_encode(previous) + "', 'hex')");
    });
  }
}

TEST_CASE("a head that was put back by itself is found") {
  House house;
  house.tamper("UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entry WHERE sequence = 7)");
  const auto verdict = house.verify();
  CHECK(verdict.broken_sequence == 8);
  CHECK_THAT(verdict.problem, Catch::Contains("put back"));
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
