#include "tools/pratique/link/connection.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <pratique/network/v1/event.grpc.pb.h>
#include <pratique/registrar/v1/event.grpc.pb.h>

#include <array>
#include <future>
#include <optional>

#include "libs/crypto/x509/certificate.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/rpc/caller.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server.h"
#include "libs/rpc/version.h"
#include "libs/runtime/service_main.h"
#include "tools/pratique/link/diagnosis.h"
#include "tools/pratique/link/failure.h"

namespace pratique::cli {
namespace {

namespace network_api = pratique::network::v1;
namespace registrar_api = pratique::registrar::v1;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr std::chrono::milliseconds kDiagnosisPatience{1500};

// What differs between the services. gRPC's retries need the descriptors of the APIs, which are there where a command
// that is linked uses them.
struct ServiceFacts {
  Service service;
  std::string_view name, package, variable;
  std::array<std::string_view, 8> apis;  // the rest of them empty
};
constexpr std::array kFacts = {
    ServiceFacts{
        Service::registrar,
        "registrar",
        "pratique.registrar.v1",
        "PRATIQUE_REGISTRAR",
        {"Devices", "Manufacturers", "Policies", "Approvals", "Credentials", "Vouchers", "Audit", "Events"}},
    ServiceFacts{Service::onboarding, "onboarding", "pratique.onboarding.v1", "PRATIQUE_ONBOARDING", {"Sessions"}},
    ServiceFacts{Service::network,
                 "network",
                 "pratique.network.v1",
                 "PRATIQUE_NETWORK",
                 {"Segments", "Switches", "Wlans", "Sessions", "Admissions", "Events"}}};

obs::Catalogue catalogue() {
  obs::Catalogue out("pratique");
  runtime::describe(out);
  rpc::describe(out);
  return out;
}

// Every method of the API takes a message of its own.
Result<const MethodDescriptor*> method_for(const Message& request, const Message& response) {
  const auto* file = request.GetDescriptor()->file();
  for (int s = 0; s < file->service_count(); ++s)
    for (int m = 0; m < file->service(s)->method_count(); ++m)
      if (const auto* method = file->service(s)->method(m);
          method->input_type() == request.GetDescriptor() && method->output_type() == response.GetDescriptor())
        return method;
  return internal("METHOD_UNKNOWN", fmt::format("no method takes {} and gives {}", request.GetDescriptor()->full_name(),
                                                response.GetDescriptor()->full_name()));
}

std::string path_of(const MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

const ServiceFacts& facts_of(Service service) { return kFacts[static_cast<std::size_t>(service)]; }

Service service_of(const MethodDescriptor& method) {
  for (const auto& one : kFacts)
    if (method.file()->package() == one.package) return one.service;
  return Service::registrar;
}

std::vector<std::string_view> api_of(Service service) {
  std::vector<std::string_view> out;
  const auto& facts = facts_of(service);
  for (const auto& name : facts.apis)
    if (const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            fmt::format("{}.{}", facts.package, name)))
      out.push_back(found->full_name());
  return out;
}

Error incomplete(std::string_view what, std::string_view flag, std::string_view variable) {
  return invalid("CONNECTION_INCOMPLETE", fmt::format("no {} is set", what))
      .with(kRemedy, fmt::format("give {}, set {}, or write it into ~/.config/pratique/cli.yaml", flag, variable));
}

grpc::Status call_by_path(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                          const std::string& path, const google::protobuf::MessageLite& request,
                          google::protobuf::MessageLite& response) {
  grpc::TemplatedGenericStub<google::protobuf::MessageLite, google::protobuf::MessageLite> stub(channel);
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, path, {}, &request, &response,
                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

}  // namespace

std::string_view to_string(Service service) { return facts_of(service).name; }

struct Api::Inside {
  Inside(Settings s, const Clock& c)
      : settings(std::move(s)),
        clock(c),
        log(catalogue(), obs::Level::error, clock, [](std::string_view) {}),
        metrics(catalogue()) {}

  struct Identity {
    std::unique_ptr<runtime::CertificateFiles> files;
    std::shared_ptr<rpc::TlsIdentity> tls;
    Api::Operator self;
    std::string trust_domain;
  };

  const std::vector<runtime::Address>& addresses(Service service) const {
    switch (service) {
      case Service::registrar: return settings.registrar;
      case Service::onboarding: return settings.onboarding;
      case Service::network: return settings.network;
    }
    return settings.registrar;
  }

  Result<const Identity*> identity_of_ours() {
    if (identity) return &*identity;
    const auto& files = settings.identity;
    if (files.certificate.empty() || files.key.empty())
      return incomplete("operator certificate", "--identity DIR (or --certificate and --key)", "PRATIQUE_IDENTITY");
    if (files.trust_anchors.empty()) return incomplete("CA of the services", "--ca FILE", "PRATIQUE_CA");
    Identity out;
    TRY(out.files, runtime::CertificateFiles::open(files, clock, log));
    TRY(out.tls, rpc::TlsIdentity::make(*out.files, log));
    TRY(const auto chain, crypto::Certificate::parse_pem_bundle(out.files->current()->chain_pem));
    out.trust_domain = settings.trust_domain;
    const auto uris = chain.front().subject_alt_names().uri;
    for (const std::string_view uri : uris) {
      constexpr std::string_view kScheme = "spiffe://";
      const auto slash = uri.find('/', kScheme.size());
      if (!uri.starts_with(kScheme) || slash == std::string_view::npos) continue;
      if (out.trust_domain.empty()) out.trust_domain = uri.substr(kScheme.size(), slash - kScheme.size());
      out.self.text = uri.substr(slash + 1);
    }
    if (out.trust_domain.empty())
      return incomplete("trust domain (our certificate names none)", "--trust-domain NAME", "PRATIQUE_TRUST_DOMAIN");
    out.self.not_after = chain.front().not_after();
    identity = std::move(out);
    return &*identity;
  }

  Result<std::unique_ptr<rpc::Peer>> connect(Service service, const std::vector<runtime::Address>& to) {
    const auto name = std::string(to_string(service));
    if (to.empty())
      return incomplete(fmt::format("address of the {} service", name), fmt::format("--{} HOST:PORT", name),
                        facts_of(service).variable);
    TRY(const auto* ours, identity_of_ours());
    const rpc::PeerConfig config{.service = name, .addresses = to, .deadline = settings.timeout};
    return rpc::Peer::connect(config, api_of(service), *ours->tls, ours->trust_domain, metrics);
  }

  Result<rpc::Peer*> peer(Service service) {
    auto& slot = peers[static_cast<std::size_t>(service)];
    if (!slot) {
      TRY(slot, connect(service, addresses(service)));
    }
    return slot.get();
  }

  // The peer's error, or, where none spoke, what stands in the way to the replica that we came closest to.
  Result<void> judged(Service service, const std::vector<runtime::Address>& replicas, const rpc::Peer& of,
                      const grpc::Status& status) {
    auto outcome = of.judge(status);
    if (outcome || !never_answered(outcome.error())) return outcome;
    auto closest = replicas.front();
    auto reached = reach(closest, kDiagnosisPatience);
    for (std::size_t i = 1; i < replicas.size() && reached != Reach::connected; ++i)
      if (const auto now = reach(replicas[i], kDiagnosisPatience); now > reached) {
        reached = now;
        closest = replicas[i];
      }
    const auto expected = rpc::service_uri(identity->trust_domain, to_string(service));
    auto error = std::move(outcome).error();
    return std::move(error)
        .with("address", closest.text())
        .with(kRemedy,
              likely_cause(reached, to_string(service), closest, settings.identity.trust_anchors.native(), expected));
  }

  Settings settings;
  const Clock& clock;
  obs::Log log;
  obs::Metrics metrics;
  std::optional<Identity> identity;
  std::array<std::unique_ptr<rpc::Peer>, std::size(kServices)> peers;
};

Api::Api(Settings settings, const Clock& clock) : inside_(std::make_unique<Inside>(std::move(settings), clock)) {}
Api::~Api() = default;
const std::vector<runtime::Address>& Api::addresses(Service service) const { return inside_->addresses(service); }

Result<Api::Operator> Api::self() {
  TRY(const auto* ours, inside_->identity_of_ours());
  return ours->self;
}

Result<void> Api::call_message(const Message& request, Message& response) {
  TRY(const auto* method, method_for(request, response));
  const auto service = service_of(*method);
  TRY(auto* peer, inside_->peer(service));
  grpc::ClientContext context;
  peer->prepare(context);
  return inside_->judged(service, addresses(service), *peer,
                         call_by_path(peer->channel(), context, path_of(*method), request, response));
}

Result<void> Api::watch(const Message& request, Message& event, const std::function<bool()>& on_event) {
  const auto* of_registrar = dynamic_cast<const registrar_api::WatchEventsRequest*>(&request);
  const auto* of_network = dynamic_cast<const network_api::WatchEventsRequest*>(&request);
  auto* filled = dynamic_cast<pratique::common::v1::Event*>(&event);
  if ((of_registrar == nullptr && of_network == nullptr) || filled == nullptr)
    return internal("METHOD_UNKNOWN", "the only streams are WatchEvents of the registrar and of the network");
  const auto service = of_registrar != nullptr ? Service::registrar : Service::network;
  TRY(auto* peer, inside_->peer(service));
  registrar_api::Events::Stub registrar(peer->channel());
  network_api::Events::Stub network(peer->channel());
  grpc::ClientContext context;
  peer->prepare(context, {.deadline = std::chrono::milliseconds::max()});
  const auto stream = of_registrar != nullptr ? registrar.WatchEvents(&context, *of_registrar)
                                              : network.WatchEvents(&context, *of_network);
  while (stream->Read(filled)) {
    if (on_event()) continue;
    context.TryCancel();
    while (stream->Read(filled)) continue;
    (void)stream->Finish();
    return {};
  }
  return inside_->judged(service, addresses(service), *peer, stream->Finish());
}

// grpc.health.v1.Health/Check (GRPC Health Checking Protocol): the request's `service` is empty for the whole server,
// so it has no bytes; the answer is one enumeration in field 1, and 1 is SERVING. An Int32Value has the same form.
Result<Api::Replica> Api::look_at(Service service, const runtime::Address& replica) {
  const std::vector<runtime::Address> only{replica};
  TRY(const auto peer, inside_->connect(service, only));
  grpc::ClientContext context;
  peer->prepare(context);
  const google::protobuf::Int32Value request;
  google::protobuf::Int32Value response;
  const auto status = call_by_path(peer->channel(), context, "/grpc.health.v1.Health/Check", request, response);
  TRY_VOID(inside_->judged(service, only, *peer, status));
  return Replica{response.value() == 1, rpc::version_of(context)};
}

}  // namespace pratique::cli
