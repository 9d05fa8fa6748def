#include "services/registrar/storage/retention.h"

#include "services/registrar/storage/credentials.h"
#include "services/registrar/storage/store_test.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

const Timestamp kCutoff = kNow - 24h * 100;

/// Rows are told apart by a number that is the end of their ids; an age is in days before kNow.
struct Store : MigratedStore {
  Store() {
    run("CREATE FUNCTION at(days numeric) RETURNS timestamptz LANGUAGE sql AS"
        " $$ SELECT to_timestamp(1764000000) - days * interval '1 day' $$;"
        "CREATE FUNCTION id(days numeric, n bigint) RETURNS uuid LANGUAGE sql AS $$ SELECT (lpad(to_hex((extract("
        "epoch FROM at(days)) * 1000)::bigint), 12, '0') || '70008000' || lpad(n::text, 12, '0'))::uuid $$;"
        "INSERT INTO manufacturer VALUES (id(900, 1), 'M', 'strict', '', false, at(900), at(900), 1)");
  }
  void run(const std::string& sql) { database.execute("SET search_path TO registrar; " + sql); }
  void device(const std::string& n, const std::string& state = "admitted", const std::string& changed = "800") {
    run("INSERT INTO device (id, manufacturer, serial_number, model, state, authorized, credential_revoked,"
        " display_name, location, segment, credential_profile, labels, granted_segment, granted_profile, idevid_fingerprint, mud_url,"
        " onboarding_count, create_time, update_time, version) VALUES (id(900, " + n + "), id(900, 1), '" + n + "', '',"
        " '" + state + "', true, false, '', '', '', '', '{}', '', '', '', '', 0, at(900), at(" + changed + "), 1)");
  }
  /// `device`: its number, or "NULL" for a stranger.
  void decision(const std::string& n, const std::string& device, const std::string& days,
                const std::string& last = "", const std::string& approval = "NULL") {
    run("INSERT INTO decision VALUES (id(" + days + ", " + n + "), 's', id(900, " + device + "), NULL, '', 'brski',"
        " id(900, " + n + "), 'allow', '', '[]', '', '', " + approval + ", '', '', '', '', 1, 1, at(" + days +
        "), at(" + (last.empty() ? days : last) + "))");
  }
  void refusal(const std::string& n, const std::string& device, const std::string& days) {
    run("INSERT INTO refusal SELECT id(" + days + ", n), 's', id(900, " + device + "), NULL, 'brski', '', 'X', '[]',"
        " '', 1, 1, at(" + days + "), at(" + days + ") FROM generate_series(" + n + ") AS n");
  }
  void voucher(const std::string& n, const std::string& device, const std::string& days, const std::string& session) {
    run("INSERT INTO voucher VALUES (id(" + days + ", " + n + "), id(900, " + device + "), id(900, " + session +
        "), '', '', true, '', '', NULL, NULL, '', at(" + days + "), '', lpad('" + n + "', 64, '0'), '')");
  }
  void telemetry(const std::string& n, const std::string& device, const std::string& days) {
    run("INSERT INTO telemetry VALUES (id(1, " + n + "), 'voucher', id(900, " + device + "), true, '', '', false, at(" +
        days + "))");
  }
  void approval(const std::string& n, const std::string& device, const std::string& days, bool closed) {
    run("INSERT INTO approval VALUES (id(" + days + ", " + n + "), id(900, " + device + "), 'granted', id(900, 1), '',"
        " '', '', 1, at(" + days + "), at(" + days + "), at(" + days + "), " + (closed ? "true" : "false") + ");"
        "INSERT INTO vote VALUES (id(" + days + ", " + n + "), 1, 'ada', true, '', at(" + days + "))");
  }
  static std::string key(const std::string& n) { return std::string(64 - n.size(), '0') + n; }
  void order(const std::string& n, const std::string& device, const std::string& days, const std::string& ends) {
    run("INSERT INTO credential_order VALUES (id(" + days + ", " + n + "), id(900, " + device + "), NULL, '', true, '" +
        key(n) + "', '', '{}', '{}', '{}', '', at(" + days + "), at(" + ends + "), at(" + days + "))");
  }
  /// `ended`: when it was superseded, "NULL" for one that lives.
  void credential(const std::string& n, const std::string& device, const std::string& days, const std::string& ends,
                  const std::string& ended, const std::string& state = "superseded") {
    order(n, device, days, ends);
    run("INSERT INTO credential (id, device, state, profile, certificate_serial, subject, not_before, not_after,"
        " issue_time, end_time, key_fingerprint, certificate, certificate_digest) VALUES (id(" + days + ", " + n +
        "), id(900, " + device + "), '" + (ended == "NULL" ? "active" : state) + "', '', '', '', at(" + days +
        "), at(" + ends + "), at(" + days + "), at(" + ended + "), '" + key(n) + "', '" + n + "', '" + n + "')");
  }

  ForgetStep step(Memory what, const std::string& after = "") {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) { return forget(tx, what, kCutoff, after); });
    if (!done) FAIL(done.error().message);
    return *done;
  }
  ForgetStep step_retired(Timestamp before = kCutoff) {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) { return forget_retired(tx, before, kNow); });
    if (!done) FAIL(done.error().message);
    return *done;
  }
  /// The numbers of what is left, in their order.
  std::string left(const std::string& table, const std::string& column = "id") const {
    return database.query("SELECT string_agg(n::text, ' ' ORDER BY n) FROM (SELECT right(" + column +
                          "::text, 12)::bigint AS n FROM registrar." + table + ") AS kept");
  }
};

}  // namespace

TEST_CASE("old decisions about devices go, save the one that let the device in") {
  Store store;
  store.device("7");
  store.decision("1", "7", "300");
  store.decision("2", "7", "200");
  store.run("UPDATE device SET decision = id(200, 2)");
  store.decision("3", "7", "150");
  store.decision("4", "7", "150", "99");  // it was given again later
  store.decision("5", "7", "99");
  store.decision("6", "NULL", "300");
  const auto done = store.step(Memory::decisions);
  CHECK(done.rows == 2);
  CHECK_FALSE(done.more);
  CHECK(store.left("decision") == "2 4 5 6");
  CHECK(store.step(Memory::decisions).rows == 0);
}

TEST_CASE("what was decided about strangers goes by itself") {
  Store store;
  store.device("7");
  store.decision("1", "NULL", "101");
  store.decision("2", "NULL", "99");
  store.decision("3", "7", "101");
  store.refusal("1, 1", "NULL", "101");
  store.refusal("2, 2", "NULL", "99");
  store.refusal("3, 3", "7", "101");
  CHECK(store.step(Memory::stranger_decisions).rows == 1);
  CHECK(store.left("decision") == "2 3");
  CHECK(store.step(Memory::stranger_refusals).rows == 1);
  CHECK(store.left("refusal") == "2 3");
  CHECK(store.step(Memory::refusals).rows == 1);
  CHECK(store.left("refusal") == "2");
}

TEST_CASE("a step forgets a bounded number, and the next goes on behind it") {
  Store store;
  store.device("7");
  store.refusal("1, 2500", "7", "200");
  auto done = store.step(Memory::refusals);
  CHECK(done.rows == kForgetBatch);
  CHECK(done.more);
  CHECK(store.database.query("SELECT bool_and(id > '" + done.last + "') FROM registrar.refusal") == "t");
  done = store.step(Memory::refusals, done.last);
  CHECK(done.rows == kForgetBatch);
  done = store.step(Memory::refusals, done.last);
  CHECK(done.rows == 500);
  CHECK_FALSE(done.more);
}

TEST_CASE("what somebody works with is passed over, not waited for") {
  Store store;
  store.device("7");
  store.refusal("1, 3", "7", "200");
  static constexpr pg::Statement kHold{"test_hold", "UPDATE refusal SET count = 2 WHERE id = id(200, 2) RETURNING 1"};
  REQUIRE(store.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kHold));
    CHECK(store.step(Memory::refusals).rows == 2);
    return {};
  }));
  CHECK(store.left("refusal") == "2");
  CHECK(store.step(Memory::refusals).rows == 1);
}

TEST_CASE("telemetry goes by its time, whatever the session is called") {
  Store store;
  store.device("7");
  store.telemetry("1", "7", "101");
  store.telemetry("2", "7", "99");
  CHECK(store.step(Memory::telemetry).rows == 1);
  CHECK(store.left("telemetry", "session") == "2");
}

TEST_CASE("a device's newest voucher stays, and that of the session that let it in") {
  Store store;
  store.device("7");
  store.device("8");
  store.decision("50", "7", "300");  // in session 50
  store.run("UPDATE device SET decision = id(300, 50) WHERE serial_number = '7'");
  store.voucher("1", "7", "400", "40");
  store.voucher("2", "7", "300", "50");
  store.voucher("3", "7", "200", "60");
  store.voucher("4", "7", "150", "70");
  store.voucher("5", "8", "400", "80");
  CHECK(store.step(Memory::vouchers).rows == 2);
  CHECK(store.left("voucher") == "2 4 5");
  store.voucher("6", "7", "1", "90");
  CHECK(store.step(Memory::vouchers).rows == 1);
  CHECK(store.left("voucher") == "2 5 6");
}

TEST_CASE("closed approvals go with their votes once no decision names them") {
  Store store;
  store.device("7");
  store.approval("1", "7", "200", true);
  store.approval("2", "7", "200", true);
  store.approval("3", "7", "99", true);
  store.approval("4", "7", "200", false);
  store.decision("9", "7", "200", "", "id(200, 2)");
  store.run("UPDATE device SET decision = id(200, 9)");
  CHECK(store.step(Memory::approvals).rows == 1);
  CHECK(store.left("approval") == "2 3 4");
  CHECK(store.left("vote", "approval") == "2 3 4");
  store.run("UPDATE device SET decision = NULL");
  CHECK(store.step(Memory::decisions).rows == 1);
  CHECK(store.step(Memory::approvals).rows == 1);
  CHECK(store.left("approval") == "3 4");
}

TEST_CASE("ended credentials go when their certificates ended too; a key stays spent") {
  Store store;
  store.device("7");
  store.device("8");
  store.credential("1", "7", "400", "310", "320");
  store.credential("2", "7", "400", "90", "320");   // the certificate was valid until lately
  store.credential("3", "7", "400", "310", "90");   // it was in use until lately
  store.credential("4", "7", "400", "310", "NULL"); // never replaced, though long expired
  store.credential("5", "8", "400", "310", "300", "revoked");
  store.credential("6", "8", "400", "310", "300", "revoked");
  store.run("UPDATE device SET credential = id(400, 6) WHERE serial_number = '8'");
  store.order("7", "7", "400", "310");  // the authority never answered
  store.order("8", "7", "99", "9");
  CHECK(store.step(Memory::credentials).rows == 3);
  CHECK(store.left("credential") == "2 3 4 6");
  CHECK(store.left("credential_order") == "2 3 4 6 8");
  const auto use = [&](const std::string& n) {
    return *store.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<bool> {
      TRY(const auto found, find_key_use(tx, Store::key(n)));
      return found.spent;
    });
  };
  CHECK(use("1"));
  CHECK(use("5"));
  CHECK(use("7"));
  CHECK_FALSE(use("9"));
  CHECK(store.database.query("SELECT count(*) FROM registrar.spent_key") == "3");
}

TEST_CASE("of a device that was retired long ago its row alone stays") {
  Store store;
  store.device("7", "retired", "101");
  store.device("8", "retired", "99");
  store.device("9");
  for (const std::string n : {"7", "8", "9"}) {
    store.approval("1" + n, n, "300", true);
    store.decision("1" + n, n, "300", "", "id(300, 1" + n + ")");
    store.run("UPDATE device SET decision = id(300, 1" + n + ") WHERE serial_number = '" + n + "'");
    store.refusal("1" + n + ", 1" + n, n, "150");
    store.voucher("1" + n, n, "300", "1" + n);
    store.telemetry("1" + n, n, "300");
    store.credential("1" + n, n, "300", "210", "250", "revoked");
    store.credential("2" + n, n, "101", "5", "101", "revoked");  // expired lately
  }
  store.decision("27", "7", "50");  // it knocked after all
  CHECK(store.step_retired().rows == 1);
  CHECK(store.left("device") == "7 8 9");
  CHECK(store.left("decision") == "18 19 27");
  CHECK(store.left("refusal") == "18 19");
  CHECK(store.left("voucher") == "18 19");
  CHECK(store.left("telemetry", "session") == "18 19");
  CHECK(store.left("approval") == "18 19");
  CHECK(store.left("vote", "approval") == "18 19");
  CHECK(store.left("credential") == "18 19 27 28 29");
  CHECK(store.database.query("SELECT decision IS NULL AND version = 2 FROM registrar.device WHERE serial_number = '7'")
        == "t");
  CHECK(store.step_retired().rows == 0);  // it is not looked at again
  CHECK(store.database.query("SELECT version FROM registrar.device WHERE serial_number = '7'") == "2");
}

TEST_CASE("a retired device with a long history is forgotten in steps") {
  Store store;
  store.device("7", "retired", "101");
  store.refusal("1, 1500", "7", "200");
  auto done = store.step_retired();
  CHECK(done.rows == 0);
  CHECK(done.more);
  CHECK(store.database.query("SELECT count(*) FROM registrar.refusal") == "500");
  done = store.step_retired();
  CHECK(done.rows == 1);
  CHECK_FALSE(done.more);
  CHECK(store.left("refusal").empty());
}
