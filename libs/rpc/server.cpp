#include "libs/rpc/server.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <exception>

#include "libs/rpc/catalogue.h"
#include "libs/rpc/every_call.h"
#include "libs/rpc/server_inside.h"
#include "libs/rpc/trace.h"
#include "libs/runtime/config_reader.h"

namespace pratique::rpc {
namespace {

constexpr int kMaxMetadataBytes = 16 * 1024;
constexpr int kKeepaliveMilliseconds = 30'000;
constexpr int kKeepaliveTimeoutMilliseconds = 10'000;

}  // namespace

void read(runtime::ConfigReader& in, RpcConfig& out) {
  in.optional("listen", out.listen);
  in.required_section("tls", out.tls);
  in.section("trust", out.trust);
  in.section("workers", out.workers);
  in.optional("max_message", out.max_message);
  if (out.max_message.bytes > 64U * 1024 * 1024) in.refuse("max_message", "is at most 64MiB");
  in.optional("default_deadline", out.default_deadline);
  in.optional("max_deadline", out.max_deadline);
  in.optional("max_feeds", out.max_feeds, {.least = 0, .most = 10'000});
  in.optional("feed_poll", out.feed_poll);
  if (out.feed_poll.count() < 10) in.refuse("feed_poll", "is at least 10ms");
  in.optional("reflection", out.reflection);
}

void describe(obs::Catalogue& catalogue) {
  catalogue.counters({&kServerCalls, &kClientCalls})
      .histograms({&kServerSeconds})
      .gauges({&kServerQueue, &kServerFeeds})
      .events({&kCallAnswered, &kCallFailed, &kServerListens, &kTlsRefused, &kLibraryError, &kFollowInterrupted,
               &kFollowResumed})
      .reasons({&kMethodNotListed, &kCallerUnknown, &kCallerNotAllowed, &kServerBusy, &kDeadlinePassed, &kCallCancelled,
                &kHandlerFailed, &kFeedEnded, &kAddressUnusable, &kAccessIncomplete, &kTrustAnchorsMissing,
                &kPeerAddressesInvalid, &kPageTokenInvalid, &kPageSizeInvalid, &kRequestIdInvalid, &kRequestIdMissing,
                &kUpdateMaskInvalid, &kEtagMismatch, &kTimestampInvalid});
}

Server::Inside::Inside(RpcConfig c, std::string service_name, Access a, std::shared_ptr<TlsIdentity> t, Surroundings s)
    : config(std::move(c)),
      domain(service_name + ".pratique"),
      access(std::move(a)),
      tls(std::move(t)),
      around(s),
      library_log(s.log),
      queue_gauge(s.metrics.gauge(kServerQueue)),
      workers("rpc worker", config.workers),
      feeds(config.max_feeds, config.feed_poll, s.metrics.gauge(kServerFeeds)) {}

CallContext Server::Inside::describe(grpc::CallbackServerContext& context, std::chrono::milliseconds unset,
                                     std::chrono::milliseconds cap) const {
  CallContext call;
  for (const auto& [key, value] : context.client_metadata()) {
    const std::string name(key.data(), key.size()), text(value.data(), value.size());
    if (name == kMethodKey) call.method = text;
    else if (!name.ends_with("-bin")) call.metadata.emplace(name, text);
  }
  const auto traceparent = call.metadata.find(std::string(kTraceparent));
  call.trace_id = trace_of(traceparent == call.metadata.end() ? std::string_view() : traceparent->second);
  std::vector<std::string> uris;
  if (const auto auth = context.auth_context(); auth && auth->IsPeerAuthenticated())
    for (const auto& uri : auth->FindPropertyValues("peer_uri")) uris.emplace_back(uri.data(), uri.size());
  call.caller = identify(uris, config.trust);
  call.peer = context.peer();
  const auto now = std::chrono::system_clock::now();
  const auto theirs = context.deadline();
  call.deadline = theirs == Deadline::max() ? now + unset : std::min(theirs, now + cap);
  return call;
}

void Server::Inside::record(const CallContext& call, std::string_view code, std::string_view reason,
                            std::chrono::steady_clock::time_point begun, bool unary) const {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  around.metrics.counter(kServerCalls, {call.method, code}).add();
  if (unary) around.metrics.histogram(kServerSeconds, {call.method}).observe(seconds.count());
  queue_gauge.set(static_cast<double>(workers.queued()));
  const obs::TraceScope trace(call.trace_id);
  around.log.write(kCallAnswered, {{"method", call.method},
                                   {"caller", call.caller.text()},
                                   {"peer", call.peer},
                                   {"code", code},
                                   {"reason", reason},
                                   {"seconds", seconds.count()}});
}

Server::Server(RpcConfig config, std::string service_name, Access access, std::shared_ptr<TlsIdentity> tls,
               Surroundings surroundings)
    : inside_(std::make_unique<Inside>(std::move(config), std::move(service_name), std::move(access), std::move(tls),
                                       surroundings)) {}

Server::~Server() { stop(inside_->config.default_deadline); }

void Server::add(std::string_view full_name, std::unique_ptr<grpc::Service> api) {
  inside_->apis.emplace_back(full_name, std::move(api));
}

Result<void> Server::start() {
  auto& in = *inside_;
  for (const auto& [name, api] : in.apis) {
    const auto* descriptor = find_service(name);
    if (descriptor == nullptr) return kAccessIncomplete.error(fmt::format("{} is not linked into this program", name));
    for (int i = 0; i < descriptor->method_count(); ++i)
      if (const auto method = fmt::format("/{}/{}", name, descriptor->method(i)->name()); !in.access.lists(method))
        return kAccessIncomplete.error(fmt::format("{} has no line in the access table", method));
  }

  grpc::EnableDefaultHealthCheckService(true);
  if (in.config.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  const auto address = in.config.listen.text();
  builder.AddListeningPort(address, in.tls->server_credentials(), &in.port);
  builder.SetMaxReceiveMessageSize(static_cast<int>(in.config.max_message.bytes));
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a port in use is an error, not shared
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kKeepaliveTimeoutMilliseconds);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(every_call());
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  for (const auto& [name, api] : in.apis) builder.RegisterService(api.get());
  in.server = builder.BuildAndStart();
  if (!in.server || in.port == 0) return kAddressUnusable.error(fmt::format("cannot listen on {} for gRPC", address));

  // Names are known to gRPC's health service from here; then one call sets them all, and "" with them.
  for (const auto& [name, api] : in.apis) in.server->GetHealthCheckService()->SetServingStatus(name, false);
  in.health_link->server = in.server.get();
  in.around.health.on_change([link = in.health_link](bool ready) {
    const std::scoped_lock lock(link->mutex);
    if (link->server != nullptr) link->server->GetHealthCheckService()->SetServingStatus(ready);
  });
  in.around.log.write(kServerListens, {{"address", address}, {"port", in.port}});
  return {};
}

std::uint16_t Server::port() const { return static_cast<std::uint16_t>(inside_->port); }

void Server::stop(std::chrono::milliseconds patience) {
  auto& in = *inside_;
  if (std::exchange(in.stopped, true)) return;
  {
    const std::scoped_lock lock(in.health_link->mutex);
    in.health_link->server = nullptr;
  }
  in.feeds.end_all(kFeedEnded.error("the server stops: begin again from the same cursor"));
  if (in.server) {
    in.server->Shutdown(std::chrono::system_clock::now() + patience);
    in.server->Wait();
  }
  in.workers.stop();  // calls that were cut off at the end of patience still run to their end
  in.feeds.stop();
  in.server.reset();
  in.apis.clear();
}

void Server::wake_feeds() { inside_->feeds.wake(); }

namespace detail {

Result<void> guarded(Server& server, const CallContext& call, const std::function<Result<void>()>& step) {
  const obs::TraceScope trace(call.trace_id);
  const auto failed = [&](const char* what) {
    server.inside().around.log.write(kCallFailed, {{"method", call.method}, {"thrown", what}});
    return kHandlerFailed.error("a defect of ours").with("trace", call.trace_id);
  };
  try {
    return step();
  } catch (const std::exception& thrown) {
    return failed(thrown.what());
  } catch (...) {
    return failed("no exception of the standard library");
  }
}

}  // namespace detail

}  // namespace pratique::rpc
