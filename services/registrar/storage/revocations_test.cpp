#include "services/registrar/storage/revocations.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "services/registrar/storage/store_test.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

const std::string kIssuer(40, 'a'), kOther(40, 'b');

struct Store : MigratedStore {
  Store() {
    run("INSERT INTO manufacturer VALUES ('01932f4e-0000-7000-8000-00000000000a', 'M', 'strict', '', false, now(), "
        "now(), 1);"
        "INSERT INTO device (id, manufacturer, serial_number, model, state, authorized, credential_revoked, "
        "display_name, location, segment, credential_profile, labels, granted_segment, granted_profile, "
        "idevid_fingerprint, mud_url, onboarding_count, create_time, update_time, version) VALUES "
        "('01932f4e-0000-7000-8000-00000000000b', '01932f4e-0000-7000-8000-00000000000a', 'S', '', 'onboarding', "
        "true, false, '', '', '', '', '{}', '', '', '', '', 0, now(), now(), 1)");
  }
  void run(const std::string& sql) { database.execute("SET search_path TO registrar; " + sql); }

  /// As an authority key identifier stands in a certificate.
  static std::string extension(const std::string& key_id) {
    const auto length = [](std::size_t n) { return hex_encode(Bytes{static_cast<std::uint8_t>(n)}); };
    const auto n = key_id.size() / 2;
    return "0603551d2304" + length(n + 4) + "30" + length(n + 2) + "80" + length(n) + key_id;
  }
  void credential(const std::string& serial, const std::string& certificate_hex, Timestamp not_after,
                  const std::string& end = "'active', NULL, NULL") {
    const auto id = "'01932f4e-0000-7000-8000-0000000000" + serial + "'";
    const auto fingerprint = "'" + std::string(62, '0') + serial + "'";
    const auto until = "'" + format_rfc3339(not_after) + "'";
    run("INSERT INTO credential_order VALUES (" + id + ", '01932f4e-0000-7000-8000-00000000000b', " + id +
        ", 'default', false, " + fingerprint + ", '', '{}', '{}', '{}', '', now(), " + until + ", now());"
        "INSERT INTO credential (id, device, profile, certificate_serial, subject, not_before, not_after, issue_time, "
        "key_fingerprint, certificate, certificate_digest, state, end_time, revocation_reason) VALUES (" + id +
        ", '01932f4e-0000-7000-8000-00000000000b', 'default', '" + serial + "', '', now(), " + until + ", now(), " +
        fingerprint + ", '\\x" + certificate_hex + "', '\\x" + serial + "', " + end + ")");
  }
  std::string key_id(const std::string& certificate_hex) {
    return database.query("SELECT registrar.authority_key_id('\\x" + certificate_hex + "')");
  }
  std::vector<std::string> listed(const std::string& issuer, Timestamp valid_after) {
    const auto rows = pool->look(pg::within(5s), [&](pg::Tx& tx) { return list_revocations(tx, issuer, valid_after); });
    REQUIRE(rows);
    std::vector<std::string> out;
    for (const auto& entry : *rows) out.push_back(entry.serial_hex + " " + std::string(to_string(entry.revocation.reason)));
    std::ranges::sort(out);
    return out;
  }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the database reads a certificate's authority key identifier") {
  Store store;
  CHECK(store.key_id("3082" + Store::extension(kIssuer) + "0000") == kIssuer);
  CHECK(store.key_id(Store::extension("0102030405060708")) == "0102030405060708");
  CHECK(store.key_id(Store::extension(std::string(64, 'c')) + "ff") == std::string(64, 'c'));
  CHECK(store.key_id("") == "");
  CHECK(store.key_id("0603551d23") == "");
  CHECK(store.key_id("0603551d2304") == "");
  CHECK(store.key_id("0603551d23040430028101") == "");    // another part first
  CHECK(store.key_id("0603551d230481823081808014") == "");  // lengths in the long form
}

TEST_CASE("what ended is listed, each issuer's own, while it must be told of") {
  Store store;
  const auto mine = Store::extension(kIssuer);
  store.credential("0a", mine, kNow + 24h);
  store.credential("0b", mine, kNow + 24h, "'revoked', '2025-11-24T16:00:00.7Z', 'cessationOfOperation'");
  store.credential("0c", mine, kNow + 24h, "'superseded', '2025-11-24T16:00:00Z', 'superseded'");
  store.credential("0d", mine, kNow, "'revoked', '2025-11-24T16:00:00Z', 'unspecified'");
  store.credential("0e", Store::extension(kOther), kNow + 24h, "'revoked', '2025-11-24T16:00:00Z', 'unspecified'");
  store.credential("0f", "00", kNow + 24h, "'revoked', '2025-11-24T16:00:00Z', 'unspecified'");
  // As replicas of the version before write it.
  store.credential("10", mine, kNow + 24h, "'superseded', '2025-11-24T16:00:00Z', NULL");
  store.credential("11", mine, kNow + 24h, "'revoked', '2025-11-24T16:00:00Z', NULL");
  CHECK(store.listed(kIssuer, kNow) ==
        Words{"0b cessationOfOperation", "0c superseded", "10 superseded", "11 unspecified"});
  CHECK(store.listed(kIssuer, kNow - 1s).size() == 5);
  CHECK(store.listed(kOther, kNow) == Words{"0e unspecified"});

  const auto found = store.pool->look(pg::within(5s), [&](pg::Tx& tx) {
    return find_revocations(tx, kIssuer, {"0a", "0b", "0e", "ff"});
  });
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK_FALSE(found->at("0a"));
  CHECK(found->at("0b")->reason == crypto::RevocationReason::cessation_of_operation);
  CHECK(found->at("0b")->at == *parse_rfc3339("2025-11-24T16:00:00Z"));
}
