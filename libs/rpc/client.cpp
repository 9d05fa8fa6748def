#include "libs/rpc/client.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <array>

#include "libs/obs/log.h"
#include "libs/rpc/access.h"
#include "libs/rpc/caller.h"
#include "libs/rpc/catalogue.h"
#include "libs/rpc/library_settings.h"
#include "libs/rpc/trace.h"
#include "libs/runtime/config_reader.h"

namespace pratique::rpc {
namespace {

constexpr int kKeepaliveMilliseconds = 30'000;
constexpr int kKeepaliveTimeoutMilliseconds = 10'000;
constexpr int kFirstReconnectMilliseconds = 200;
constexpr int kMaxReconnectMilliseconds = 1'000;  // the library's own two minutes would outlast most outages

bool repeats_harmlessly(const google::protobuf::MethodDescriptor& method) {
  constexpr std::array<std::string_view, 6> kReads = {"Get", "List", "Search", "BatchGet", "Watch", "Check"};
  return std::ranges::any_of(kReads, [&](auto verb) { return method.name().starts_with(verb); }) ||
         method.input_type()->FindFieldByName("request_id") != nullptr;
}

// gRPC service config (doc/service_config.md of the library).
std::string service_config(const std::vector<std::string_view>& api) {
  std::string names;
  for (const auto name : api) {
    const auto* service = find_service(name);
    for (int i = 0; service != nullptr && i < service->method_count(); ++i)
      if (const auto* method = service->method(i); repeats_harmlessly(*method))
        names += fmt::format(R"({}{{"service":"{}","method":"{}"}})", names.empty() ? "" : ",", service->full_name(),
                             method->name());
  }
  std::string out = R"({"loadBalancingConfig":[{"round_robin":{}}])";
  if (!names.empty())
    out += R"(,"methodConfig":[{"name":[)" + names +
           R"(],"retryPolicy":{"maxAttempts":4,"initialBackoff":"0.1s","maxBackoff":"2s","backoffMultiplier":2,)"
           R"("retryableStatusCodes":["UNAVAILABLE"]}}])";
  return out + "}";
}

// A target in gRPC's naming (doc/naming.md).
Result<std::string> target_of(const PeerConfig& config) {
  const auto& all = config.addresses;
  if (all.empty()) return kPeerAddressesInvalid.error(fmt::format("{} has no address", config.service));
  if (all.size() == 1 && !all.front().is_ip()) return "dns:///" + all.front().text();
  const auto join = [&](std::string_view scheme) {
    std::string out(scheme);
    for (const auto& address : all) out += (&address == &all.front() ? "" : ",") + address.text();
    return out;
  };
  if (std::ranges::all_of(all, &runtime::Address::is_ipv4)) return join("ipv4:");
  if (std::ranges::all_of(all, &runtime::Address::is_ipv6)) return join("ipv6:");
  return kPeerAddressesInvalid.error(
      fmt::format("the addresses of {} must be one name, or IP addresses of one family", config.service));
}

}  // namespace

void read(runtime::ConfigReader& in, PeerConfig& out) {
  in.required("addresses", out.addresses);
  in.optional("deadline", out.deadline);
  in.optional("max_message", out.max_message);
  if (out.max_message.bytes > 64U * 1024 * 1024) in.refuse("max_message", "is at most 64MiB");
}

Result<std::unique_ptr<Peer>> Peer::connect(const PeerConfig& config, const std::vector<std::string_view>& api,
                                            const TlsIdentity& tls, std::string_view trust_domain,
                                            obs::Metrics& metrics) {
  TRY(const auto target, target_of(config));
  apply_library_settings();
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(config.service);  // the SNI; who the server is, its URI name tells
  arguments.SetServiceConfigJSON(service_config(api));
  arguments.SetMaxReceiveMessageSize(static_cast<int>(config.max_message.bytes));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // never another channel's connection and its identity check
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMilliseconds);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kFirstReconnectMilliseconds);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMilliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
  auto channel =
      grpc::CreateCustomChannel(target, tls.channel_credentials(service_uri(trust_domain, config.service)), arguments);
  return std::unique_ptr<Peer>(new Peer(config, std::move(channel), metrics));
}

Peer::Peer(PeerConfig config, std::shared_ptr<grpc::Channel> channel, obs::Metrics& metrics)
    : config_(std::move(config)), channel_(std::move(channel)), metrics_(metrics) {}
Peer::~Peer() = default;

void Peer::prepare(grpc::ClientContext& context, CallOptions options) const {
  const auto deadline = options.deadline.count() > 0 ? options.deadline : config_.deadline;
  if (deadline != std::chrono::milliseconds::max()) context.set_deadline(std::chrono::system_clock::now() + deadline);
  context.AddMetadata(std::string(kTraceparent), traceparent_for(obs::TraceScope::current()));
}

Result<void> Peer::judge(const grpc::Status& status) const {
  if (status.ok()) {
    metrics_.counter(kClientCalls, {config_.service, "OK"}).add();
    return {};
  }
  auto error = from_grpc_status(status);
  metrics_.counter(kClientCalls, {config_.service, to_string(error.code)}).add();
  return std::move(error).with_context(config_.service);
}

}  // namespace pratique::rpc
