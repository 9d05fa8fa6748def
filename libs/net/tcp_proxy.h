// A TCP byte pipe: accepts connections and copies bytes to and from an upstream, seeing nothing of what
// they mean. This is the join proxy (RFC 8995 section 4): a device that may talk to nobody else reaches the
// registrar through it, and TLS runs end to end.
//
//   TRY(auto proxy, net::TcpProxy::start({.listen = {"0.0.0.0", 8443},
//                                         .upstreams = {{"10.0.0.5", 8443}, {"10.0.0.6", 8443}}}));
//   … proxy->stop(10s);
//
// Whoever reaches the listening port reaches the upstreams, so every limit below guards the registrar from the
// unadmitted network. Runs one thread of its own. All member functions are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/net/endpoint.h"

namespace pratique::net {

struct TcpProxyLimits {
  std::size_t max_connections = 512;            // beyond: closed at once
  std::size_t max_connections_per_source = 16;  // by source address, whatever the port
  std::chrono::milliseconds connect_timeout{3000};  // for each upstream tried
  std::chrono::milliseconds idle_timeout{60000};    // no byte either way
  std::chrono::milliseconds lifetime{600000};       // of one connection, however busy
  std::uint64_t max_bytes = 64ull << 20;        // of one connection, both ways together
  std::uint64_t max_bytes_per_second = 0;       // of one connection, each way; 0: not limited
};

struct TcpProxyConfig {
  Endpoint listen;                  // a literal address; port 0: any
  std::vector<Endpoint> upstreams;  // literal addresses or names; taken in turn, the next where one fails
  TcpProxyLimits limits;
};

struct TcpProxyStats {
  std::uint64_t accepted = 0;
  std::uint64_t refused_total_limit = 0;
  std::uint64_t refused_source_limit = 0;
  std::uint64_t upstream_connect_failed = 0;  // single tries
  std::uint64_t no_upstream = 0;              // connections dropped since every upstream failed
  std::uint64_t ended_idle = 0;
  std::uint64_t ended_lifetime = 0;
  std::uint64_t ended_byte_limit = 0;
  std::uint64_t bytes_to_upstream = 0;
  std::uint64_t bytes_to_downstream = 0;
  std::size_t open = 0;
};

class TcpProxy {
 public:
  /// INVALID_ARGUMENT PROXY_CONFIG_INVALID, or UNAVAILABLE LISTEN_FAILED.
  static Result<std::unique_ptr<TcpProxy>> start(TcpProxyConfig config);
  ~TcpProxy();  // stop(0)

  std::uint16_t port() const;
  TcpProxyStats stats() const;
  /// Replaces the upstreams (discovery found others); open connections stay with theirs. INVALID_ARGUMENT
  /// PROXY_CONFIG_INVALID where the list is empty or has one without a port: the old ones stay.
  Result<void> set_upstreams(std::vector<Endpoint> upstreams);
  /// Stops accepting, lets open connections end by themselves until `grace` is over, then cuts them.
  /// True where none had to be cut. Further calls do nothing.
  bool stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit TcpProxy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pratique::net
