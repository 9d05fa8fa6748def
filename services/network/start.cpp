#include "services/network/start.h"

#include <array>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/pg/listener.h"
#include "libs/pg/migrator.h"
#include "libs/pg/open_database.h"
#include "libs/pg/outbox.h"
#include "libs/runtime/periodic.h"
#include "services/network/any_adapters.h"
#include "services/network/api/access.h"
#include "services/network/api/admissions_api.h"
#include "services/network/api/events_api.h"
#include "services/network/api/segments_api.h"
#include "services/network/api/sessions_api.h"
#include "services/network/api/switches_api.h"
#include "services/network/api/wlans_api.h"
#include "services/network/app/admissions.h"
#include "services/network/app/attempts.h"
#include "services/network/app/catalogue.h"
#include "services/network/app/credential_uses.h"
#include "services/network/app/diff.h"
#include "services/network/app/registrar_feed.h"
#include "services/network/app/sites.h"
#include "services/network/app/switches.h"
#include "services/network/app/wlans.h"
#include "services/network/kept_adapters.h"
#include "services/network/peers/registrar_client.h"
#include "services/network/peers/registrar_follower.h"
#include "services/network/peers/use_teller.h"
#include "services/network/rewrap.h"
#include "services/network/secrets.h"
#include "services/network/storage/migrations.h"
#include "services/network/storage/sessions.h"
#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

constexpr std::string_view kName = "network";  // of the service, its schema and its database role
constexpr std::array kRegistrarApis = {std::string_view("pratique.registrar.v1.Admission"),
                                       std::string_view("pratique.registrar.v1.Credentials"),
                                       std::string_view("pratique.registrar.v1.Devices"),
                                       std::string_view("pratique.registrar.v1.Events")};
/// A life is renewed so often while it counts; a change of the registry is followed no sooner than after this rest.
constexpr int kRenewals = 5;
constexpr std::chrono::milliseconds kRest{50};
/// So long all have to take their locks anew after the database was started again.
constexpr std::chrono::seconds kSettle{5};
constexpr std::chrono::seconds kTellUsesEvery{1};

ReplicaLife begin_life(const Config& config, Random& random) {
  return {.replica = config.replica,
          .life = config.replica + "/" + hex_encode(random.bytes(8)),
          .counts = config.work.takeover};
}

ReconcilerConfig reconciler_config(const Config& config, const ReplicaLife& life) {
  auto out = config.work.reconciler;
  out.holder = life.life;
  out.kept_only = true;
  return out;
}

WorkLoopConfig loop_config(const Config& config, const ReplicaLife& life) {
  auto out = config.work.loop;
  out.keeper = life.life;
  return out;
}

/// The use cases, in the order in which they need one another.
struct House {
  House(const Config& config, runtime::Process& process, pg::Pool& pool, std::unique_ptr<pg::Pool> lock_session,
        SwitchSecrets secrets_, std::shared_ptr<Exchanges> exchanges, pg::Listener& listener)
      : in{pool, process.clock(), process.random()},
        life(begin_life(config, in.random)),
        secrets(std::move(secrets_)),
        make([this, exchanges = std::move(exchanges)](const SwitchRecord& record) {
          return make_adapter(record, secrets, exchanges);
        }),
        sites(in),
        segments(in),
        switches(in, check_settings,
                 [this](const SwitchId& id, const Secret& secret) { return secrets.seal(id, secret); }),
        ports(in),
        wlans(in),
        admissions(in),
        sessions(in, config.sessions, process.log(), process.metrics()),
        attempts(in, config.attempts),
        feed(in, process.log(), process.metrics()),
        lock(std::move(lock_session), life.life, kSettle, process.log()),
        kept(
            pool, life, lock, make, [this](const SwitchId& id, const PortEvent& event) { work.note(id, event); },
            process.log(), process.metrics()),
        any(pool, kept, make),
        diff(in, any),
        reconciler(in, reconciler_config(config, life), kept, sessions, process.log(), process.metrics()),
        work(in, loop_config(config, life), reconciler, sessions, attempts, listener, process.log(),
             process.metrics()) {}
  /// Whoever tells ends before whoever listens.
  ~House() {
    work.stop();
    kept.leave();
  }

  Surroundings in;
  ReplicaLife life;
  SwitchSecrets secrets;
  KeptAdapters::Make make;
  Sites sites;
  Segments segments;
  Switches switches;
  Ports ports;
  Wlans wlans;
  Admissions admissions;
  Sessions sessions;
  Attempts attempts;
  RegistrarFeed feed;
  LifeLock lock;
  KeptAdapters kept;
  AnyAdapters any;
  Diff diff;
  Reconciler reconciler;
  WorkLoop work;
};

void add_apis(rpc::Server& server, House& house, const rpc::PageTokens& tokens) {
  server.add<v1::Admissions>(std::make_unique<AdmissionsApi>(server, house.admissions));
  server.add<v1::Events>(std::make_unique<EventsApi>(server, house.in.pool));
  server.add<v1::Segments>(std::make_unique<SegmentsApi>(server, tokens, house.segments));
  server.add<v1::Sessions>(std::make_unique<SessionsApi>(server, tokens, house.sessions, house.attempts));
  server.add<v1::Switches>(std::make_unique<SwitchesApi>(
      server, tokens,
      SwitchesApi::UseCases{house.sites, house.switches, house.ports, house.diff}));
  server.add<v1::Wlans>(std::make_unique<WlansApi>(server, tokens, house.wlans));
}

/// The server, and what wakes its event streams when something was written by any replica.
Result<void> open_server(const Config& config, runtime::Process& process, House& house, pg::Listener& listener,
                         std::shared_ptr<rpc::TlsIdentity> tls) {
  TRY(auto token_key, config.page_token_key.load());
  auto& tokens = process.keep("page tokens", std::make_unique<rpc::PageTokens>(std::move(token_key)));
  auto made =
      std::make_unique<rpc::Server>(config.rpc, std::string(kName), access(), std::move(tls),
                                    rpc::Server::Surroundings{process.log(), process.metrics(), process.health()});
  add_apis(*made, house, tokens);
  TRY_VOID(made->start());
  auto& server = process.keep("gRPC", std::move(made));
  process.keep("feeds", std::make_unique<pg::Listener::Subscription>(listener.subscribe(
                            pg::outbox_channel(kName), [&server] { server.wake_feeds(); })));
  return {};
}

/// Switches are taken, and followed as they are registered; then they are driven.
void open_work(const Config& config, runtime::Process& process, House& house, pg::Listener& listener) {
  house.lock.look();  // so that others can tell from the first turn on whether we live
  auto& turning = process.keep("keeping switches",
                               std::make_unique<runtime::Periodic>(config.work.takeover / kRenewals,
                                                                   [&kept = house.kept] { kept.turn(); }, kRest));
  process.keep("watching replicas", std::make_unique<runtime::Periodic>(kLookAtLocksEvery, [&house, &turning] {
                 if (house.lock.look()) turning.wake();
               }));
  process.keep("registry", std::make_unique<pg::Listener::Subscription>(listener.subscribe(
                               pg::outbox_channel(kName), [&turning] { turning.wake(); })));
  house.work.start();
}

}  // namespace

obs::Catalogue whole_catalogue() {
  auto out = catalogue();
  rpc::describe(out);
  return out;
}

Result<void> check(const Config& config) {
  const SystemClock clock;
  TRY_VOID(load_keys(config.master_keys));
  TRY_VOID(load_keys(config.radius_keys));
  TRY_VOID(config.page_token_key.load());
  TRY_VOID(runtime::load_certificates(config.rpc.tls, clock));
  TRY_VOID(pg::pool_config(config.database, kName));
  return {};
}

Result<void> start(const Config& config, runtime::Process& process) {
  TRY(auto master_keys, load_keys(config.master_keys));
  TRY(auto radius_keys, load_keys(config.radius_keys));
  TRY(auto files, runtime::CertificateFiles::open(config.rpc.tls, process.clock(), process.log()));
  auto& certificates = process.keep("service certificate", std::move(files));
  certificates.show_in(process.metrics(), "service");
  TRY(auto exchanges, Exchanges::start(process.clock(), process.random()));

  TRY(auto* const pool, pg::open_database(config.database, kName, migrations(), process));
  auto& listener = process.keep(
      "listener", std::make_unique<pg::Listener>(pg::ListenerConfig{
                      .database = pool->config().database,
                      .channels = {work_channel(kName), radius_channel(kName), pg::outbox_channel(kName)}}));
  TRY(auto lock_session, pg::Pool::open({.database = pool->config().database, .size = 1}));
  TRY(auto tls, rpc::TlsIdentity::make(certificates, process.log()));
  TRY(auto peer, rpc::Peer::connect(config.registrar, {kRegistrarApis.begin(), kRegistrarApis.end()}, *tls,
                                    config.rpc.trust.trust_domain, process.metrics()));
  auto& registrar_peer = process.keep("registrar", std::move(peer));
  auto& registrar = process.keep("registrar client", make_registrar_client(registrar_peer));
  auto& house = process.keep(
      "use cases",
      std::make_unique<House>(config, process, *pool, std::move(lock_session),
                              SwitchSecrets(std::move(master_keys), std::move(radius_keys), process.random()),
                              std::move(exchanges), listener));
  open_work(config, process, house, listener);
  process.keep("registrar events", std::make_unique<RegistrarFollower>(registrar_peer, registrar, house.feed,
                                                                       process.log()));
  auto& teller = process.keep("use teller", make_use_teller(registrar_peer));
  auto& uses = process.keep("credential uses", std::make_unique<CredentialUses>(house.in, teller, process.log()));
  process.keep("telling uses", std::make_unique<runtime::Periodic>(kTellUsesEvery, [&uses] { uses.tell(); }));
  return open_server(config, process, house, listener, std::move(tls));
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
  TRY(auto master_keys, load_keys(config.master_keys));
  TRY(auto radius_keys, load_keys(config.radius_keys));
  const auto current = master_keys.current_key_id() + "' and '" + radius_keys.current_key_id();
  TRY(const auto settings, pg::pool_config(config.database, kName));
  TRY_VOID(pg::Migrator(settings.database, migrations()).check());
  TRY(const auto pool, pg::Pool::open(settings));
  TRY(const auto report, rewrap_all(*pool, SwitchSecrets(std::move(master_keys), std::move(radius_keys), random)));
  return "wrapped " + std::to_string(report.rewrapped) + " of " + std::to_string(report.looked_at) +
         " switches' secrets under the keys '" + current + "'";
}

}  // namespace pratique::network
