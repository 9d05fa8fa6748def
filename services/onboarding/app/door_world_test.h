// A door to knock at in tests: the use cases on a real database, a manufacturer whose MASA makes every check of
// libs/protocol/brski/masa.h, and a registrar whose answers the test chooses.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "libs/protocol/brski/masa.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/status.h"
#include "services/onboarding/app/brski.h"
#include "services/onboarding/app/est.h"
#include "services/onboarding/storage/migrations.h"
#include "tests/support/brski_world.h"
#include "tests/support/postgres/test_database.h"

namespace pratique::onboarding {

class ChosenRegistrar final : public Admission {
 public:
  Judgement judgement;
  std::vector<RefusalRecord> refusals;
  std::vector<VoucherRecord> vouchers;
  std::vector<TelemetryRecord> telemetry;
  std::optional<Error> failure;  // of judge
  std::optional<Error> failure_to_record;  // a voucher
  std::optional<crypto::Certificate> issued;
  std::string owner_of_issued;  // device name, once it counts
  bool revoked = false;
  int judged = 0;

  Result<Judgement> judge(const JudgeQuestion&) override {
    ++judged;
    if (failure) return *failure;
    return judgement;
  }
  Result<void> record_voucher(const VoucherRecord& record) override {
    if (failure_to_record) return *failure_to_record;
    vouchers.push_back(record);
    return {};
  }
  Result<void> record_refusal(const RefusalRecord& record) override {
    refusals.push_back(record);
    return {};
  }
  Result<void> record_telemetry(const TelemetryRecord& record) override {
    telemetry.push_back(record);
    return {};
  }
  Result<CredentialTemplate> credential_template(const std::string&) override {
    return CredentialTemplate{.common_name = "device-1", .serial_number = "", .san_dns = {}, .san_uri = {"urn:uuid:1"}, .key_types = {"P-256"}};
  }
  Result<IssueAnswer> issue(const IssueQuestion& question) override {
    auto& world = test::brski_world();
    TRY(const auto csr, crypto::Csr::parse_der(question.csr));
    auto profile = crypto::CertificateProfile::tls({.common_name = "device-1"}, {.uri = {"urn:uuid:1"}}, world.from, world.until);
    crypto::SystemRandom random;
    TRY(issued, crypto::issue_certificate(profile, csr.public_key(), world.owner_ca.certificate, world.owner_ca.key, random));
    owner_of_issued = question.device;
    return IssueAnswer{issued, {}};
  }
  Result<CredentialOwner> identify(const crypto::Certificate& certificate, bool) override {
    if (issued && certificate == *issued) {
      CredentialOwner owner{owner_of_issued, "credentials/1", {}};
      if (revoked) owner.refusals = {{{"CREDENTIAL_REVOKED", "revoked"}, "this certificate was revoked"}};
      return owner;
    }
    return CredentialOwner{{}, {}, {{{"CREDENTIAL_UNKNOWN", "not ours"}, "unknown certificate"}}};
  }
  Result<std::vector<crypto::Certificate>> authority() override { return std::vector{test::brski_world().owner_ca.certificate}; }
};

class LibraryMasa final : public Masa {
 public:
  std::optional<Error> failure;
  std::optional<MasaAnswer> answer_instead;
  std::optional<MasaAnswer> log_instead;
  std::optional<test::Identity> signs_with;  // in place of the true MASA
  std::function<void()> meanwhile;  // happens once, while the MASA is asked
  int asked = 0;

  Result<MasaAnswer> request_voucher(const MasaQuestion& question) override {
    ++asked;
    if (const auto happens = std::exchange(meanwhile, nullptr)) happens();
    if (failure) return *failure;
    if (answer_instead) return *answer_instead;
    auto& world = test::brski_world();
    const auto opened = brski::open_registrar_request(question.voucher_request, voucher::WireProfile::strict);
    if (!opened.facts) return refusal(opened.verdict);
    const brski::RegisteredDevice device{.serial_number = *world.device.certificate.subject_serial_number(),
                                         .issuers = {world.maker_ca.certificate},
                                         .idevid_key = world.device.certificate.public_key()};
    const auto judged = brski::judge_registrar_request(*opened.facts, &device, {}, world.now);
    if (!judged.verdict.accepted()) return refusal(judged.verdict);
    const auto& signer = signs_with ? *signs_with : world.masa;
    TRY(auto made, brski::build_voucher(*opened.facts, judged, {signer.certificate, signer.key}, {}, {}, world.now));
    log_.events.push_back(made.audit);
    return MasaAnswer{200, std::string(brski::kVoucherCmsJson), std::move(made.body), {}};
  }
  Result<MasaAnswer> request_audit_log(const MasaQuestion&) override {
    if (failure) return *failure;
    if (log_instead) return *log_instead;
    return MasaAnswer{200, std::string(brski::kJson), to_bytes(brski::encode_audit_log(log_)), {}};
  }

 private:
  static MasaAnswer refusal(const Verdict& verdict) {
    return {brski::masa_status(verdict.first().code), "text/plain", to_bytes(brski::refusal_text(verdict)), {}};
  }
  brski::AuditLog log_;
};

class DoorWorld {
 public:
  explicit DoorWorld(BrskiConfig config = {})
      : replicas(*pool, clock, identity, "one"),
        gate({}, "", {*pool, registrar, masa, manufacturers, identity, envelope, clock}),
        brski(std::move(config),
              {*pool, registrar, masa, replicas, manufacturers, identity, envelope, clock, random}),
        est({}, {*pool, registrar, gate, templates, clock}) {
    registrar.judgement.outcome = Judgement::Outcome::allow;
    registrar.judgement.device = "devices/1";
    registrar.judgement.serial_number = *world.device.certificate.subject_serial_number();
    registrar.judgement.manufacturer = {.name = "manufacturers/1", .display_name = "Example Devices", .strict_wire = true,
                                        .masa_url = "masa.example.com:9443",
                                        .voucher_anchors = {world.maker_ca.certificate, world.masa.certificate},
                                        .masa_tls_anchors = {}};
    test::must(replicas.announce().and_then([] { return Result<int>(0); }));
  }

  test::BrskiWorld& world = test::brski_world();
  FixedClock clock{world.now};
  crypto::SystemRandom random;
  support::TestDatabase database;
  std::unique_ptr<pg::Pool> pool = open_pool();
  CurrentIdentity identity{{world.owner_chain(), world.registrar.key}};
  crypto::Envelope envelope{test::must(crypto::MasterKeys::parse(test::must(crypto::MasterKeys::make_line("k1", random)))), random};
  Manufacturers manufacturers{clock};
  CredentialTemplates templates{clock};
  ChosenRegistrar registrar;
  LibraryMasa masa;
  Replicas replicas;
  AuditGate gate;
  Brski brski;
  Est est;

  DeviceCaller caller() const { return {{world.device.certificate}, "192.0.2.7", to_bytes("binding"), true}; }
  DeviceCaller caller(const crypto::Certificate& certificate) const {
    return {{certificate}, "192.0.2.7", to_bytes("binding"), true};
  }
  brski::PledgeRequest request(const crypto::Certificate& seen) {
    return test::must(brski::build_pledge_request({world.device.certificate, world.device.key}, seen, random, world.now));
  }
  brski::PledgeRequest request() { return request(world.registrar.certificate); }
  std::string state() { return database.query("SELECT state FROM onboarding.session ORDER BY created_at DESC LIMIT 1"); }
  std::string sessions() { return database.query("SELECT count(*) FROM onboarding.session"); }
  std::string findings() { return database.query("SELECT findings FROM onboarding.session ORDER BY created_at DESC LIMIT 1"); }

 private:
  std::unique_ptr<pg::Pool> open_pool() {
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "onboarding"};
    test::must(pg::Migrator(config, migrations()).migrate());
    return test::must(pg::Pool::open({.database = config, .size = 4}));
  }
};

inline Bytes report(bool success, std::string_view reason = "ok") {
  return to_bytes("{\"version\":1,\"status\":" + std::string(success ? "true" : "false") + ",\"reason\":\"" + std::string(reason) + "\"}");
}

}  // namespace pratique::onboarding
