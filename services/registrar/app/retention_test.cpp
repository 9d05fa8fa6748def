#include "services/registrar/app/retention.h"

#include <thread>

#include "libs/pg/events.h"
#include "services/registrar/app/credentials.h"
#include "services/registrar/app/front_door_test.h"
#include "services/registrar/app/issuance.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

constexpr std::chrono::hours kDay{24};

struct House : FrontDoor {
  House() {
    auto key = std::make_shared<crypto::SoftwareKey>(*crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    const auto root = *crypto::issue_self_signed(
        crypto::CertificateProfile::root_ca({.common_name = "Root"}, clock.now() - 24h, crypto::kNoExpiry), *key,
        random);
    authority = *LocalAuthority::make({root}, key, clock, random);
    issuance.emplace(surroundings(), *authority, profiles, "plant.example.com");
    rule(PolicyEffect::allow);
  }
  Bytes csr(const crypto::SoftwareKey& key, const std::string& serial) {
    return crypto::make_csr({.subject = {.serial_number = serial}}, key)->der();
  }
  IssueAnswer issue(const Device& device, const SessionId& session, const crypto::SoftwareKey& key,
                    const Bytes& renewed = {}) {
    const auto answer = issuance->issue(call(), {device.id, session, csr(key, device.serial_number), renewed});
    if (!answer) FAIL(answer.error().message);
    return *answer;
  }
  static crypto::SoftwareKey key() { return *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256); }

  void forget(RetentionConfig config = {}) { Retention(surroundings(), config, info, metrics).run(); }
  bool shows(std::string_view line) { return metrics.text().contains(std::string(line) + "\n"); }
  std::string count_of(const std::string& table) {
    return database.query("SELECT count(*) FROM registrar." + table);
  }

  obs::Metrics metrics{catalogue()};
  obs::Log info{catalogue(), obs::Level::info, clock, [this](std::string_view line) { logged.emplace_back(line); }};
  std::unique_ptr<LocalAuthority> authority;
  std::optional<Issuance> issuance;
  Credentials credentials{surroundings()};
};

}  // namespace

TEST_CASE("old events and request ids are forgotten, young ones are kept") {
  House house;
  house.forget();
  house.logged.clear();
  house.database.execute("UPDATE registrar.outbox SET at = '2020-01-01Z'; UPDATE registrar.request SET at = now()");
  const auto old = std::stoi(house.count_of("outbox"));
  REQUIRE(house.with([](pg::Tx& tx) { return append_event(tx, "young", "devices/1", {}); }));
  house.forget({.events = kDay});
  CHECK(house.database.query("SELECT string_agg(type, ',') FROM registrar.outbox") == "young");
  CHECK(house.shows("pratique_registrar_forgotten_total{what=\"events\"} " + std::to_string(old)));
  REQUIRE(house.logged.size() == 1);
  CHECK_THAT(house.logged.front(), Catch::Contains("registrar_tidied") &&
                                       Catch::Contains("\"events\":" + std::to_string(old)) &&
                                       Catch::Contains("\"more\":false"));
  house.forget({.events = kDay});
  CHECK(house.logged.size() == 1);  // nothing was done, nothing is said
}

TEST_CASE("a device that joined long ago keeps what it stands on, and may go on") {
  House house;
  const auto idevid = house.idevid("CAM-1");
  const auto first = house.knock(idevid);
  const auto device = house.device(first.decision.device);
  auto key = House::key();
  const auto one = house.issue(device, first.decision.session, key);
  REQUIRE(one.findings.empty());
  // It renews for years; then nobody was there for long.
  Bytes newest = one.certificate;
  for (int i = 0; i < 8; ++i) {
    house.clock.advance(60 * kDay);
    const auto renewed = house.issue(device, {}, House::key(), newest);
    REQUIRE(renewed.findings.empty());
    newest = renewed.certificate;
    REQUIRE(house.credentials.identify(house.call(), newest, true)->findings.empty());
  }
  const auto audit_before = house.audit();
  house.forget();
  CHECK(house.count_of("decision") == "1");
  CHECK(house.device(device.id).decision == first.decision.id);
  CHECK(house.credentials.identify(house.call(), newest, true)->findings.empty());
  // Of the credentials, those whose certificates ended more than 400 days ago are gone: none yet.
  CHECK(house.count_of("credential") == "9");
  house.clock.advance(60 * kDay);
  house.forget();
  CHECK(house.count_of("credential") == "8");
  CHECK(house.shows("pratique_registrar_forgotten_total{what=\"credentials\"} 1"));
  CHECK(house.audit() == audit_before);  // whole, and proven so by audit()

  // The first key was forgotten as a credential, but not as a key.
  const auto again = house.issue(device, {}, key, newest);
  REQUIRE(again.findings.size() == 1);
  CHECK(again.findings.front().code == "CREDENTIAL_KEY_REUSED");
  CHECK(house.issue(device, {}, House::key(), newest).findings.empty());
  const auto story = house.explain.device(house.call(), device.id, 100);
  REQUIRE(story);
  CHECK(std::ranges::any_of(story->explanations, [](const auto& e) { return e.kind == "decision"; }));
}

TEST_CASE("a retired device is kept out by its row when all else is forgotten") {
  House house;
  const auto idevid = house.idevid("CAM-1");
  const auto device = house.knock(idevid).decision.device;
  REQUIRE(house.devices.retire(house.change(), device, "sold"));
  house.clock.advance(401 * kDay);
  house.forget();
  CHECK(house.count_of("decision") == "0");
  CHECK(house.shows("pratique_registrar_forgotten_total{what=\"retired_devices\"} 1"));
  CHECK(house.device(device).decision.empty());
  const auto judged = house.knock(idevid);
  CHECK(judged.decision.outcome == Outcome::deny);
  CHECK(judged.decision.code() == "DEVICE_RETIRED");
  const auto story = house.explain.device(house.call(), device, 100);
  REQUIRE(story);
  CHECK(std::ranges::any_of(story->explanations, [](const auto& e) { return e.summary.contains("sold"); }));
}

TEST_CASE("zero keeps for ever, and young rows are kept whatever else goes") {
  House house;
  const auto device = house.knock(house.idevid("CAM-1")).decision.device;
  REQUIRE(house.devices.retire(house.change(), device, "sold"));
  house.clock.advance(2000 * kDay);
  house.forget({0h, 0h, 0h, 0h, 0h, 0h});
  CHECK(house.count_of("decision") == "1");
  CHECK(house.logged.empty());
  (void)house.knock(house.idevid("CAM-2"));
  house.clock.advance(kDay - 1min);
  house.forget({0h, 0h, kDay, kDay, kDay, kDay});
  CHECK(house.count_of("decision") == "1");
}

TEST_CASE("several replicas forget at once, each row once") {
  House house;
  const auto device = house.knock(house.idevid("CAM-1")).decision.device;
  house.database.execute("INSERT INTO registrar.refusal SELECT"
                         " ('018bcfe5-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 's', '" + device.text() + "', NULL, 'brski', '', 'X', '[]', '', 1, 1, '2023-11-14Z',"
                         " '2023-11-14Z' FROM generate_series(1, 5000) AS n");
  std::vector<std::jthread> replicas;
  for (int i = 0; i < 3; ++i) replicas.emplace_back([&] { house.forget(); });
  replicas.clear();
  house.forget();  // what was passed over
  CHECK(house.count_of("refusal") == "0");
  CHECK(house.shows("pratique_registrar_forgotten_total{what=\"refusals\"} 5000"));
  for (const auto& line : house.logged) CHECK_THAT(line, Catch::Contains("registrar_tidied"));
}

TEST_CASE("what cannot be forgotten is told once, and what was done is told all the same") {
  House house;
  house.database.execute("ALTER TABLE registrar.decision RENAME TO gone;"
                         "UPDATE registrar.outbox SET at = '2020-01-01Z'");
  house.logged.clear();
  house.forget();
  REQUIRE(house.logged.size() == 2);
  CHECK_THAT(house.logged.front(), Catch::Contains("registrar_tidy_failed"));
  CHECK_THAT(house.logged.back(), Catch::Contains("registrar_tidied"));
}
