// A registry in a real database with devices that were let in: what tests of credentials and vouchers start from.
#pragma once

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/issue.h"
#include "libs/pg/migrator.h"
#include "libs/pg/outbox.h"
#include "services/registrar/app/audit_log.h"
#include "services/registrar/app/catalogue.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/local_authority.h"
#include "services/registrar/storage/decisions.h"
#include "services/registrar/storage/devices.h"
#include "services/registrar/storage/manufacturers.h"
#include "services/registrar/storage/migrations.h"
#include "tests/support/postgres/test_database.h"

namespace pratique::registrar {

using namespace std::chrono_literals;

class OnboardedRegistry {
 public:
  OnboardedRegistry() {
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
    REQUIRE(pg::Migrator(config, migrations()).migrate());
    pool = *pg::Pool::open({.database = config, .size = 4});
    manufacturer_.id = ManufacturerId::make(clock, random);
    manufacturer_.display_name = "Example Lamps";
    REQUIRE(with([&](pg::Tx& tx) { return insert_manufacturer(tx, manufacturer_); }));
  }

  template <typename F>
  auto with(F&& fn) -> std::invoke_result_t<F&, pg::Tx&> {
    return pool->with(pg::within(5s), fn);
  }
  Surroundings surroundings() { return {*pool, clock, random}; }
  Call call() const { return {"service/onboarding", pg::within(5s)}; }
  Change change(std::string request_id = "") const {
    return {{"operator/ada", pg::within(5s)}, std::move(request_id), "Test", {1}};
  }

  /// A device that was allowed in, in this session.
  Device allowed(const std::string& serial_number) {
    Device device;
    device.id = DeviceId::make(clock, random);
    device.manufacturer = manufacturer_.id;
    device.serial_number = serial_number;
    device.state = DeviceState::onboarding;
    device.idevid_fingerprint = std::string(64, 'a');
    device.decision = DecisionId::make(clock, random);
    const auto inserted = with([&](pg::Tx& tx) { return insert_device(tx, device); });
    REQUIRE(inserted);
    REQUIRE(*inserted);
    (void)knock(device);
    return device;
  }
  /// The device comes again and is allowed in again.
  SessionId knock(Device& device) {
    clock.advance(1ms);
    Decision decision;
    decision.id = DecisionId::make(clock, random);
    decision.subject_key = device.id.name();
    decision.device = device.id;
    decision.session = SessionId::make(clock, random);
    decision.outcome = Outcome::allow;
    REQUIRE(with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(insert_decision(tx, decision));
      TRY(device, lock_device(tx, device.id));
      device.decision = decision.id;
      return update_device(tx, device);
    }));
    sessions_[device.id] = decision.session;
    return decision.session;
  }
  SessionId session(const Device& device) const { return sessions_.at(device.id); }
  Device read(const Device& device) {
    return *with([&](pg::Tx& tx) { return get_device(tx, device.id); });
  }
  void set_state(const Device& device, DeviceState state) {
    REQUIRE(with([&](pg::Tx& tx) -> Result<void> {
      TRY(auto locked, lock_device(tx, device.id));
      locked.state = state;
      return update_device(tx, locked);
    }));
  }

  std::vector<std::string> events() {
    std::vector<std::string> out;
    const auto read = with([](pg::Tx& tx) { return pg::outbox::read(tx, 0, 1000); });
    REQUIRE(read);
    for (const auto& event : *read) out.push_back(event.type);
    return out;
  }
  /// Actions of the audit log, oldest first; the chain is whole.
  std::vector<std::string> audit() {
    AuditLog audit_log(surroundings(), log);
    const auto proof = audit_log.verify(call(), {});
    REQUIRE(proof);
    CHECK(proof->verdict.problem == "");
    std::vector<std::string> out;
    const auto entries = audit_log.list(call(), {}, kNewestAudit, 1000);
    REQUIRE(entries);
    for (const auto& entry : *entries) out.insert(out.begin(), entry.record.action);
    return out;
  }

  support::TestDatabase database;
  std::unique_ptr<pg::Pool> pool;
  FixedClock clock{Timestamp(1'764'000'000s)};
  crypto::SystemRandom random;
  std::vector<std::string> logged;
  obs::Log log{catalogue(), obs::Level::warning, clock, [this](std::string_view line) { logged.emplace_back(line); }};

 private:
  Manufacturer manufacturer_;
  std::map<DeviceId, SessionId> sessions_;
};

}  // namespace pratique::registrar
