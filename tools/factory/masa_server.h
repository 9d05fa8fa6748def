// A MASA behind HTTPS. Client certificates are asked for and recorded; who may have what is the Masa's to judge.
#pragma once

#include <memory>

#include "libs/net/executor.h"
#include "libs/net/https_server.h"
#include "libs/runtime/worker_pool.h"
#include "tools/factory/masa.h"

namespace pratique::factory {

/// A silent MASA keeps one busy for each request that it does not answer.
inline constexpr std::size_t kMasaThreads = 16;

class MasaServer {
 public:
  /// `masa` must outlive it. The errors of HttpsServer and TlsIdentity.
  static Result<std::unique_ptr<MasaServer>> start(Masa& masa, const net::Endpoint& listen,
                                                   const pki::Identity& identity);
  /// Ends what is in flight.
  ~MasaServer();

  std::uint16_t port() const { return server_->port(); }

 private:
  explicit MasaServer(Masa& masa) : masa_(masa) {}

  Masa& masa_;
  runtime::WorkerPool pool_{"masa", {.threads = kMasaThreads, .queue_limit = 256}};
  net::PoolExecutor<runtime::WorkerPool> executor_{pool_};
  std::unique_ptr<net::HttpsServer> server_;
};

}  // namespace pratique::factory
