// Calls to another service: a channel over its replicas, its identity checked, deadlines and retries set.
//
//   TRY(auto peer, rpc::Peer::connect(config.registrar, {"pratique.registrar.v1.Devices"}, *tls, domain, metrics));
//   auto stub = v1::Devices::NewStub(peer->channel());
//   Result<v1::Device> device = peer->call(*stub, &v1::Devices::Stub::GetDevice, request);
//
// Several addresses or a name with several: round robin. UNAVAILABLE is retried (at most 4 tries, within the deadline)
// for methods that repeat harmlessly: Get…, List…, Search…, BatchGet…, Watch…, Check…, and those whose
// request has a `request_id`. The trace id of the calling thread (obs::TraceScope) goes along.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "libs/base/result.h"
#include "libs/obs/metrics.h"
#include "libs/rpc/status.h"
#include "libs/rpc/tls.h"
#include "libs/runtime/address.h"
#include "libs/runtime/quantity.h"

namespace pratique::runtime {
class ConfigReader;
}

namespace pratique::rpc {

struct PeerConfig {
  std::string service;                      // the name in its certificate: "registrar"
  std::vector<runtime::Address> addresses;  // one name (all its addresses are used), or one or more IP addresses
  std::chrono::milliseconds deadline{5000};
  runtime::ByteSize max_message{4 * 1024 * 1024};
};
/// Keys: addresses (required), deadline, max_message. `service` is set by the reader's owner, not by the file.
void read(runtime::ConfigReader& in, PeerConfig& out);

struct CallOptions {
  std::chrono::milliseconds deadline{0};  // 0: the peer's default
};

class Peer {
 public:
  /// `api` are the full names of the services to be called, linked into this program. Does not wait for the
  /// peer: an absent one shows as UNAVAILABLE at the first call. `expected_uri` defaults to service_uri().
  static Result<std::unique_ptr<Peer>> connect(const PeerConfig& config, const std::vector<std::string_view>& api,
                                               const TlsIdentity& tls, std::string_view trust_domain,
                                               obs::Metrics& metrics);
  ~Peer();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  template <typename Stub, typename Request, typename Response>
  Result<Response> call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        const Request& request, CallOptions options = {}) const {
    grpc::ClientContext context;
    prepare(context, options);
    Response response;
    const auto status = (stub.*method)(&context, request, &response);
    TRY_VOID(judge(status));
    return response;
  }

  /// Deadline and trace for a call made by hand; streams pass `deadline` = std::chrono::milliseconds::max() for none.
  void prepare(grpc::ClientContext& context, CallOptions options = {}) const;
  /// OK, or the peer's Error with the peer's name before its message. Counts it.
  Result<void> judge(const grpc::Status& status) const;

 private:
  Peer(PeerConfig config, std::shared_ptr<grpc::Channel> channel, obs::Metrics& metrics);
  PeerConfig config_;
  std::shared_ptr<grpc::Channel> channel_;
  obs::Metrics& metrics_;
};

}  // namespace pratique::rpc
