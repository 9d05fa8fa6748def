#include "services/onboarding/start.h"

#include "libs/crypto/x509/oids.h"
#include "libs/net/dnssd/publisher.h"
#include "libs/pg/open_database.h"
#include "libs/runtime/periodic.h"
#include "pratique/onboarding/v1/session.grpc.pb.h"
#include "services/onboarding/api/access.h"
#include "services/onboarding/api/sessions_api.h"
#include "services/onboarding/app/audit_gate.h"
#include "services/onboarding/app/catalogue.h"
#include "services/onboarding/front/brski/device_front.h"
#include "services/onboarding/peers/registrar_client.h"
#include "services/onboarding/storage/migrations.h"

namespace pratique::onboarding {

namespace {

constexpr std::chrono::seconds kTidyEvery{60};
constexpr std::chrono::seconds kStopPatience{10};
constexpr const char* kRegistrarApis[] = {"pratique.registrar.v1.Admission", "pratique.registrar.v1.Credentials"};

/// RFC 8995 section 5.5.4: the certificate must say that its holder may act as a registration authority, and devices
/// and manufacturers must be able to follow its chain up to the domain CA.
Result<RegistrarIdentity> parse_identity(const runtime::Certificates& files) {
  TRY(auto chain, crypto::Certificate::parse_pem_bundle(files.chain_pem));
  TRY(auto key, crypto::SoftwareKey::parse_plaintext(files.key_pem));
  if (!chain.front().has_eku(crypto::oid::kCmcRa))
    return failed_precondition("REGISTRAR_CERTIFICATE_NOT_RA",
                               "the registrar certificate lacks the extended key usage id-kp-cmcRA");
  if (!chain.back().is_self_issued())
    return failed_precondition("REGISTRAR_CHAIN_INCOMPLETE",
                               "the registrar certificate's file must hold the chain up to and including the domain CA");
  return RegistrarIdentity{std::move(chain), std::move(key)};
}

Result<net::TlsIdentity> tls_identity(const RegistrarIdentity& identity) {
  return net::TlsIdentity::make(identity.chain, identity.key);
}

net::HttpsServerConfig server_config(const DeviceDoorConfig& door, const obs::Log& log, const obs::Counter& failed) {
  net::HttpsServerConfig out;
  out.listen = {door.listen.host, door.listen.port};
  // In the first handshake, since TLS 1.3 knows no other; cacerts may be asked for without.
  out.client_certificate = net::ClientCertificate::requested;
  out.body_limit = DeviceFront::body_limit;
  out.max_connections = door.max_connections;
  out.max_connections_per_source = door.max_connections_per_source;
  out.handshake_timeout = door.handshake_timeout;
  out.idle_timeout = door.idle_timeout;
  out.body_timeout = door.body_timeout;
  out.on_handshake_failed = [&log, failed](const std::string&, const std::string& reason) {
    failed.add();
    log.write(kDeviceHandshakeFailed, {{"reason", reason}});
  };
  return out;
}

/// The registrar's identity as the HTTPS client wants it, made once for each one that is in use.
class MasaIdentity {
 public:
  net::TlsIdentity of(std::shared_ptr<const RegistrarIdentity> identity) {
    const std::lock_guard lock(mutex_);
    if (identity != made_of_) {
      made_ = *tls_identity(*identity);  // it was made once when the identity was taken in use, so it can be made again
      made_of_ = std::move(identity);
    }
    return *made_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const RegistrarIdentity> made_of_;
  std::optional<net::TlsIdentity> made_;
};

/// The use cases, in the order in which they need one another.
struct House {
  House(const Config& config, runtime::Process& process, pg::Pool& pool, std::unique_ptr<Admission> admission_,
        RegistrarIdentity ra, crypto::MasterKeys keys)
      : identity(std::move(ra)),
        envelope(std::move(keys), process.random()),
        manufacturers(process.clock()),
        templates(process.clock()),
        admission(std::move(admission_)),
        masa(make_masa_client(config.masa, [this] { return masa_identity.of(identity.get()); })),
        replicas(pool, process.clock(), identity, config.replica),
        sessions(pool, process.clock()),
        gate(config.audit_log, config.brski.location,
             {pool, *admission, *masa, manufacturers, identity, envelope, process.clock()}),
        brski(config.brski, {pool, *admission, *masa, replicas, manufacturers, identity, envelope, process.clock(),
                             process.random()}),
        est(config.est, {pool, *admission, gate, templates, process.clock()}),
        front(brski, est, {process.log(), process.metrics(), process.pseudonyms()}) {}

  CurrentIdentity identity;
  crypto::Envelope envelope;
  Manufacturers manufacturers;
  CredentialTemplates templates;
  std::unique_ptr<Admission> admission;
  MasaIdentity masa_identity;
  std::unique_ptr<Masa> masa;
  Replicas replicas;
  Sessions sessions;
  AuditGate gate;
  Brski brski;
  Est est;
  DeviceFront front;
};

Result<void> open_device_door(const Config& config, runtime::Process& process, House& house,
                              runtime::CertificateFiles& identity_files) {
  auto& workers = process.keep("device workers", std::make_unique<runtime::WorkerPool>("devices", config.devices.workers));
  auto& executor = process.keep("device executor", std::make_unique<net::PoolExecutor<runtime::WorkerPool>>(workers));
  TRY(auto tls, tls_identity(*house.identity.get()));
  TRY(auto server, net::HttpsServer::start(
                       server_config(config.devices, process.log(), process.metrics().counter(kHandshakesFailed)),
                       std::move(tls), executor, [&house](const net::http::Request& request, const net::PeerInfo& peer) {
                         return house.front.handle(request, peer);
                       }));
  auto& kept = process.keep("device door", std::move(server));
  process.on_stop("device connections", [&kept] { kept.stop(kStopPatience); });
  identity_files.on_change([&house, &kept, &log = process.log()](const runtime::Certificates& files) {
    auto fresh = parse_identity(files);
    // The files as they stand are told at once, too.
    if (fresh && fresh->chain == house.identity.get()->chain) return;
    auto fresh_tls = fresh ? tls_identity(*fresh) : Result<net::TlsIdentity>(fresh.error());
    auto replaced = fresh_tls ? kept.replace_identity(*fresh_tls) : Result<void>(fresh_tls.error());
    if (!replaced) return log.write(kIdentityUnusable, replaced.error());
    house.identity.set(*std::move(fresh));
    if (auto told = house.replicas.announce(); !told) log.write(kReplicaUnannounced, told.error());
    log.write(kIdentityReplaced);
  });
  return {};
}

Result<void> announce(const DeviceDoorConfig& door, const std::string& replica, runtime::Process& process) {
  if (door.announce_on.empty()) return {};
  const dnssd::Publication us{.instance = "Pratique " + replica, .type = std::string(dnssd::kBrskiRegistrar), .port = door.listen.port};
  TRY(auto publisher, dnssd::Publisher::start({.interfaces = door.announce_on}, {us}));
  process.keep("DNS-SD", std::make_unique<dnssd::Publisher>(std::move(publisher)));
  return {};
}

}  // namespace

obs::Catalogue whole_catalogue() {
  auto out = catalogue();
  rpc::describe(out);
  return out;
}

Result<void> check(const Config& config) {
  const SystemClock clock;
  TRY(const auto master, config.master_keys.load());
  TRY_VOID(crypto::MasterKeys::parse(master));
  TRY_VOID(config.page_token_key.load());
  TRY_VOID(runtime::load_certificates(config.rpc.tls, clock));
  TRY(const auto files, runtime::load_certificates(config.devices.identity, clock));
  TRY_VOID(parse_identity(files));
  return {};
}

Result<void> start(const Config& config, runtime::Process& process) {
  TRY(const auto master_text, config.master_keys.load());
  TRY(auto master_keys, crypto::MasterKeys::parse(master_text));
  TRY(auto token_key, config.page_token_key.load());
  TRY(auto service_files, runtime::CertificateFiles::open(config.rpc.tls, process.clock(), process.log()));
  auto& service_certificates = process.keep("service certificate", std::move(service_files));
  service_certificates.show_in(process.metrics(), "service");
  TRY(auto ra_files, runtime::CertificateFiles::open(config.devices.identity, process.clock(), process.log()));
  TRY(auto ra, parse_identity(*ra_files->current()));
  ra_files->show_in(process.metrics(), "ra");

  TRY(auto* const pool, pg::open_database(config.database, "onboarding", migrations(), process));

  TRY(auto tls, rpc::TlsIdentity::make(service_certificates, process.log()));
  TRY(auto peer, rpc::Peer::connect(config.registrar, {std::begin(kRegistrarApis), std::end(kRegistrarApis)}, *tls,
                                    config.rpc.trust.trust_domain, process.metrics()));
  auto& registrar = process.keep("registrar", std::move(peer));
  auto& house = process.keep("use cases", std::make_unique<House>(config, process, *pool, make_registrar_client(registrar),
                                                                  std::move(ra), std::move(master_keys)));
  TRY_VOID(house.replicas.announce());
  process.keep("announcing", std::make_unique<runtime::Periodic>(kAnnounceEvery, [&replicas = house.replicas, &log = process.log()] {
                 if (auto told = replicas.announce(); !told) log.write(kReplicaUnannounced, told.error());
               }));
  process.keep("tidying", std::make_unique<runtime::Periodic>(kTidyEvery, [&sessions = house.sessions, &log = process.log()] {
                 if (const auto touched = sessions.tidy(); touched && *touched > 0)
                   log.write(kSessionsTidied, {{"sessions", *touched}});
               }));

  auto server = std::make_unique<rpc::Server>(config.rpc, "onboarding", access(), tls,
                                              rpc::Server::Surroundings{process.log(), process.metrics(), process.health()});
  auto& tokens = process.keep("page tokens", std::make_unique<rpc::PageTokens>(std::move(token_key)));
  server->add<v1::Sessions>(std::make_unique<SessionsApi>(*server, house.sessions, tokens));
  TRY_VOID(server->start());
  process.keep("gRPC", std::move(server));

  TRY_VOID(open_device_door(config, process, house, *ra_files));
  process.keep("registrar certificate", std::move(ra_files));  // the watching ends before the door goes
  return announce(config.devices, config.replica, process);
}

}  // namespace pratique::onboarding
