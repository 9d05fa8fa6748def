#include "services/registrar/storage/audit.h"

#include <catch2/catch.hpp>

#include <thread>

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "services/registrar/storage/migrations.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

constexpr int kPage = 3;  // small, so that chains cross pages

struct Log {
  Log() {
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
    REQUIRE(pg::Migrator(config, migrations()).migrate());
    pool = *pg::Pool::open({.database = config, .size = 4});
  }

  Result<void> append(std::string_view subject, std::string_view reason = "because") {
    return pool->with(pg::within(5s), [&](pg::Tx& tx) {
      return append_audit(tx,
                          {"operator/ada", "device.create", std::string(subject), std::string(reason), {{"n", "1"}}},
                          Timestamp(1'764'000'000'123'456us));
    });
  }
  void fill(int entries) {
    for (int i = 1; i <= entries; ++i) REQUIRE(append("devices/" + std::to_string(i)));
  }
  AuditHead head() {
    return *pool->read(pg::within(5s), [](pg::Tx& tx) { return load_audit_head(tx); });
  }
  AuditChainVerdict verify(std::optional<AuditHead> known = {}) {
    AuditChainCheck check({head(), std::move(known)});
    for (std::int64_t after = 0;;) {
      const auto page = pool->read(pg::within(5s), [&](pg::Tx& tx) { return load_audit_after(tx, after, kPage); });
      REQUIRE(page);
      if (page->empty()) return check.finish();
      for (const auto& entry : *page) (void)check.take(entry);
      after = page->back().sequence;
    }
  }
  /// What somebody with all rights over the database could do.
  void tamper(const std::string& sql) {
    database.execute("SET search_path TO registrar; ALTER TABLE audit_entry DISABLE TRIGGER ALL;"
                     "ALTER TABLE audit_head DISABLE TRIGGER ALL;" + sql +
                     "; ALTER TABLE audit_entry ENABLE TRIGGER ALL; ALTER TABLE audit_head ENABLE TRIGGER ALL");
  }

  support::TestDatabase database;
  std::unique_ptr<pg::Pool> pool;
};

}  // namespace

TEST_CASE("audit entries are read back as they were hashed, whatever their texts") {
  Log log;
  CHECK(log.verify().intact());
  CHECK(log.verify().entries == 0);
  REQUIRE(log.append("devices/1", "quote ' \" \\ \n\t \xF0\x9F\x94\x91 {\"a\":1}"));
  REQUIRE(log.append("devices/2", std::string("zero \0 byte, broken \xFF utf-8", 28)));
  REQUIRE(log.append("devices/3", std::string(100'000, 'x')));
  const auto verdict = log.verify();
  CHECK(verdict.problem == "");
  CHECK(verdict.entries == 3);
  CHECK(verdict.head_hash == log.head().hash);
}

TEST_CASE("an audit entry exists exactly if its decision does") {
  Log log;
  log.fill(2);
  const auto failed = log.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(append_audit(tx, {"operator/ada", "device.create", "devices/9", "", {}}, Timestamp{}));
    return internal("TEST", "the decision failed");
  });
  CHECK_FALSE(failed);
  CHECK(log.verify().entries == 2);
  CHECK(log.append("devices/3"));
  CHECK(log.head().sequence == 3);  // no gap
  CHECK(log.verify().intact());
}

TEST_CASE("audit entries appended at the same time form one chain") {
  Log log;
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&] {
      for (int i = 0; i < 10; ++i) (void)log.append("devices/1");
    });
  writers.clear();
  const auto verdict = log.verify();
  CHECK(verdict.problem == "");
  CHECK(verdict.entries == 40);
}

TEST_CASE("the audit log refuses changes") {
  Log log;
  log.fill(2);
  for (const std::string sql :
       {"UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
        "UPDATE audit_head SET sequence = 1", "UPDATE audit_head SET sequence = 7", "DELETE FROM audit_head",
        "TRUNCATE audit_head"}) {
    INFO(sql);
    CHECK_THROWS(log.database.execute("SET search_path TO registrar; " + sql));  // even a superuser, by the trigger
  }
  // The role that owns the tables lacks the right, trigger or not.
  log.database.execute("CREATE SCHEMA second");
  for (const std::string right : {"UPDATE", "DELETE", "TRUNCATE"})
    CHECK(log.database.query(
              "SELECT count(*) FROM pg_class, aclexplode(relacl) WHERE oid = 'registrar.audit_entry'::regclass"
              " AND privilege_type = '" +
              right + "'") == "0");
  CHECK(log.verify().intact());
}

TEST_CASE("what is done to the audit table behind its back is found") {
  Log log;
  log.fill(8);
  const AuditHead seen = log.head();
  const auto found = [&](std::int64_t sequence, std::string_view words, std::optional<AuditHead> known = {}) {
    const auto verdict = log.verify(std::move(known));
    CHECK(verdict.broken_sequence == sequence);
    CHECK_THAT(verdict.problem, Catch::Contains(std::string(words)));
  };

  SECTION("an entry is altered") {
    const auto [column, value] = GENERATE(table<std::string, std::string>({
        {"reason", "'other'"}, {"actor", "'operator/eve'"}, {"action", "'device.retire'"}, {"subject", "'devices/0'"},
        {"time", "time + interval '1 microsecond'"}, {"facts", R"('{"n":"2"}')"}, {"facts", R"('{"n":1}')"},
        {"facts", "'[]'"}, {"hash", "decode(repeat('ab', 32), 'hex')"}}));
    INFO(column << " = " << value);
    log.tamper("UPDATE audit_entry SET " + column + " = " + value + " WHERE sequence = 5");
    found(5, "altered");
  }
  SECTION("an entry is deleted") {
    log.tamper("DELETE FROM audit_entry WHERE sequence = 4");
    found(4, "missing");
  }
  SECTION("the first entry is deleted") {
    log.tamper("DELETE FROM audit_entry WHERE sequence = 1");
    found(1, "missing");
  }
  SECTION("an entry is deleted and the gap closed") {
    log.tamper(
        "DELETE FROM audit_entry WHERE sequence = 4; UPDATE audit_entry SET sequence = 4 WHERE sequence = 5;"
        "UPDATE audit_entry SET sequence = 5 WHERE sequence = 6; UPDATE audit_entry SET sequence = 6 WHERE sequence = "
        "7;"
        "UPDATE audit_entry SET sequence = 7 WHERE sequence = 8; UPDATE audit_head SET sequence = 7");
    found(4, "altered");
  }
  SECTION("two entries change places") {
    log.tamper(
        "UPDATE audit_entry SET sequence = 100 WHERE sequence = 2; UPDATE audit_entry SET sequence = 2 WHERE sequence "
        "= 6;"
        "UPDATE audit_entry SET sequence = 6 WHERE sequence = 100");
    found(2, "altered");
  }
  SECTION("the end is cut off") {
    log.tamper("DELETE FROM audit_entry WHERE sequence > 6");
    found(7, "cut off");
  }
  SECTION("the end is cut off and the head put back") {
    log.tamper("DELETE FROM audit_entry WHERE sequence > 6;"
               "UPDATE audit_head SET sequence = 6, hash = (SELECT hash FROM audit_entry WHERE sequence = 6)");
    CHECK(log.verify().intact());  // nothing inside the database can tell …
    found(7, "cut off", seen);     // … a head that was noted outside does
  }
  SECTION("all is emptied") {
    log.tamper("TRUNCATE audit_entry");
    found(1, "cut off");
  }
  SECTION("all is emptied and the head put back") {
    log.tamper("TRUNCATE audit_entry; UPDATE audit_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex')");
    found(1, "cut off", seen);
  }
  SECTION("the head alone is put back") {
    log.tamper("UPDATE audit_head SET sequence = 5, hash = (SELECT hash FROM audit_entry WHERE sequence = 5)");
    found(6, "put back");
  }
}

TEST_CASE("audit entries are listed newest first, by subject and by actor") {
  Log log;
  log.fill(4);
  REQUIRE(log.append("devices/2", "again"));
  const auto list = [&](AuditFilter filter, std::int64_t before, int limit) {
    std::vector<std::int64_t> out;
    const auto page = log.pool->read(pg::within(5s), [&](pg::Tx& tx) { return list_audit(tx, filter, before, limit); });
    REQUIRE(page);
    for (const auto& entry : *page) out.push_back(entry.sequence);
    return out;
  };
  using Sequences = std::vector<std::int64_t>;
  CHECK(list({}, kNewestAudit, 3) == Sequences{5, 4, 3});
  CHECK(list({}, 3, 3) == Sequences{2, 1});
  CHECK(list({.subject = "devices/2"}, kNewestAudit, 10) == Sequences{5, 2});
  CHECK(list({.subject = "devices/2", .actor = "operator/ada"}, 5, 10) == Sequences{2});
  CHECK(list({.actor = "operator/eve"}, kNewestAudit, 10).empty());
}
