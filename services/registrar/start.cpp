#include "services/registrar/start.h"

#include "libs/crypto/primitives/system_random.h"
#include "libs/pg/listener.h"
#include "libs/pg/migrator.h"
#include "libs/pg/open_database.h"
#include "libs/pg/outbox.h"
#include "libs/runtime/periodic.h"
#include "services/registrar/api/access.h"
#include "services/registrar/api/admission_api.h"
#include "services/registrar/api/approvals_api.h"
#include "services/registrar/api/audit_api.h"
#include "services/registrar/api/credentials_api.h"
#include "services/registrar/api/devices_api.h"
#include "services/registrar/api/events_api.h"
#include "services/registrar/api/manufacturers_api.h"
#include "services/registrar/api/policies_api.h"
#include "services/registrar/api/vouchers_api.h"
#include "services/registrar/app/authority_watch.h"
#include "services/registrar/app/catalogue.h"
#include "services/registrar/app/housekeeping.h"
#include "services/registrar/app/rewrap.h"
#include "services/registrar/domain/credential_reasons.h"
#include "services/registrar/domain/protocol_reasons.h"
#include "services/registrar/revocation.h"
#include "services/registrar/secrets.h"
#include "services/registrar/storage/migrations.h"
#include "services/registrar/watched_authority.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kName = "registrar";  // of the service, its schema and its database role
constexpr std::chrono::seconds kHousekeepingEvery{60};
constexpr std::chrono::minutes kForgetEvery{10};

/// The use cases, in the order in which they need one another.
struct House {
  House(const Config& config, runtime::Process& process, pg::Pool& pool, crypto::MasterKeys keys,
        CredentialProfiles credential_profiles, Authority& current_authority)
      : in{pool, process.clock(), process.random()},
        envelope(std::move(keys), process.random()),
        profiles(std::move(credential_profiles)),
        authority(current_authority),
        devices(in, profiles),
        manufacturers(in),
        policies(in, profiles, policy_cache),
        approvals(in),
        explain(in),
        desk(in, policy_cache),
        issuance(in, authority, profiles, config.rpc.trust.trust_domain),
        credentials(in),
        vouchers(in, envelope),
        audit(in, process.log()),
        housekeeping(in, process.log(), process.metrics()),
        authority_watch(authority, in.clock, process.log(), process.metrics()),
        retention(in, config.retention, process.log(), process.metrics()) {}

  Surroundings in;
  crypto::Envelope envelope;
  CredentialProfiles profiles;
  Authority& authority;
  PolicyCache policy_cache;
  const ReasonCatalogue reasons{own_reasons(), credential_reasons(), protocol_reasons()};
  Devices devices;
  Manufacturers manufacturers;
  Policies policies;
  Approvals approvals;
  Explain explain;
  AdmissionDesk desk;
  Issuance issuance;
  Credentials credentials;
  Vouchers vouchers;
  AuditLog audit;
  Housekeeping housekeeping;
  AuthorityWatch authority_watch;
  Retention retention;
};

void add_apis(rpc::Server& server, House& house, const rpc::PageTokens& tokens) {
  server.add<v1::Admission>(std::make_unique<AdmissionApi>(
      server, AdmissionApi::UseCases{house.desk, house.vouchers, house.issuance, house.credentials}, house.reasons));
  server.add<v1::Approvals>(std::make_unique<ApprovalsApi>(server, tokens, house.approvals));
  server.add<v1::Audit>(std::make_unique<AuditApi>(server, tokens, house.audit));
  server.add<v1::Credentials>(
      std::make_unique<CredentialsApi>(server, tokens, house.credentials, house.issuance, house.in.clock));
  server.add<v1::Devices>(std::make_unique<DevicesApi>(server, tokens, house.devices, house.explain, house.reasons));
  server.add<v1::Events>(std::make_unique<EventsApi>(server, house.in.pool));
  server.add<v1::Manufacturers>(std::make_unique<ManufacturersApi>(server, tokens, house.manufacturers));
  server.add<v1::Policies>(std::make_unique<PoliciesApi>(server, tokens, house.policies, house.reasons));
  server.add<v1::Vouchers>(std::make_unique<VouchersApi>(server, tokens, house.vouchers));
}

/// The server, and what wakes its event streams when something was written by any replica.
Result<pg::Listener*> open_server(const Config& config, runtime::Process& process, House& house,
                                  const pg::DatabaseConfig& database, std::shared_ptr<rpc::TlsIdentity> tls) {
  TRY(auto token_key, config.page_token_key.load());
  auto& tokens = process.keep("page tokens", std::make_unique<rpc::PageTokens>(std::move(token_key)));
  auto made =
      std::make_unique<rpc::Server>(config.rpc, std::string(kName), access(), std::move(tls),
                                    rpc::Server::Surroundings{process.log(), process.metrics(), process.health()});
  add_apis(*made, house, tokens);
  TRY_VOID(made->start());
  auto& server = process.keep("gRPC", std::move(made));
  const std::string channel = pg::outbox_channel(kName);
  auto& listener =
      process.keep("outbox listener", std::make_unique<pg::Listener>(pg::ListenerConfig{database, {channel}}));
  process.keep("outbox subscription", std::make_unique<pg::Listener::Subscription>(
                                          listener.subscribe(channel, [&server] { server.wake_feeds(); })));
  return &listener;
}

}  // namespace

obs::Catalogue whole_catalogue() {
  auto out = catalogue();
  rpc::describe(out);
  return out;
}

Result<void> check(const Config& config) {
  const SystemClock clock;
  crypto::SystemRandom random;
  TRY_VOID(load_master_keys(config));
  TRY_VOID(config.page_token_key.load());
  TRY(const auto authority, load_authority(config, clock, random));
  if (config.revocation) TRY_VOID(check_revocation(*config.revocation, *authority, clock));
  TRY_VOID(CredentialProfiles::make(config.credential_profiles));
  TRY_VOID(runtime::load_certificates(config.rpc.tls, clock));
  TRY_VOID(pg::pool_config(config.database, kName));
  return {};
}

Result<void> start(const Config& config, runtime::Process& process) {
  TRY(auto master_keys, load_master_keys(config));
  TRY(auto profiles, CredentialProfiles::make(config.credential_profiles));
  TRY(auto watched, WatchedAuthority::open(config, process.clock(), process.random(), process.log()));
  auto& authority = process.keep("authority", std::move(watched)).authority();
  TRY(auto files, runtime::CertificateFiles::open(config.rpc.tls, process.clock(), process.log()));
  auto& certificates = process.keep("service certificate", std::move(files));
  certificates.show_in(process.metrics(), "service");

  TRY(auto* const pool, pg::open_database(config.database, kName, migrations(), process));
  auto& house = process.keep("use cases", std::make_unique<House>(config, process, *pool, std::move(master_keys),
                                                                  std::move(profiles), authority));
  process.keep("housekeeping", std::make_unique<runtime::Periodic>(kHousekeepingEvery, [&house] {
                 house.housekeeping.run();
                 house.authority_watch.look();
               }));
  process.keep("forgetting", std::make_unique<runtime::Periodic>(
                                 kForgetEvery, [&retention = house.retention] { retention.run(); }));
  TRY(auto tls, rpc::TlsIdentity::make(certificates, process.log()));
  TRY(auto* const listener, open_server(config, process, house, pool->config().database, std::move(tls)));
  if (!config.revocation) return {};
  return open_revocation(*config.revocation, process, house.in, house.authority, *listener,
                         pg::outbox_channel(kName));
}

Result<std::string> migrate(const Config& config) {
  TRY(const auto settings, pg::pool_config(config.database, kName));
  TRY(const auto report, pg::Migrator(settings.database, migrations()).migrate());
  std::string out = "the schema is at version " + std::to_string(report.version);
  for (const auto& name : report.applied) out += "\n  applied " + name;
  return out;
}

Result<std::string> rewrap(const Config& config) {
  crypto::SystemRandom random;
  TRY(auto master_keys, load_master_keys(config));
  TRY(const auto settings, pg::pool_config(config.database, kName));
  TRY_VOID(pg::Migrator(settings.database, migrations()).check());
  TRY(const auto pool, pg::Pool::open(settings));
  const crypto::Envelope envelope(std::move(master_keys), random);
  TRY(const auto report, rewrap_all(*pool, envelope));
  return "wrapped " + std::to_string(report.rewrapped) + " of " + std::to_string(report.looked_at) +
         " sealed values under master key '" + envelope.current_key_id() + "'";
}

}  // namespace pratique::registrar
