#include "libs/net/https_server.h"

#include "libs/net/server_core.h"

namespace pratique::net {

HttpsServer::HttpsServer(std::unique_ptr<ServerCore> core) : core_(std::move(core)) {}
HttpsServer::~HttpsServer() = default;

Result<std::unique_ptr<HttpsServer>> HttpsServer::start(HttpsServerConfig config, TlsIdentity identity,
                                                        Executor& executor, Handler handler) {
  TRY(auto core, ServerCore::start(std::move(config), &identity, executor, std::move(handler)));
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(core)));
}

std::uint16_t HttpsServer::port() const { return core_->port(); }
HttpsServerStats HttpsServer::stats() const { return core_->stats(); }
Result<void> HttpsServer::replace_identity(TlsIdentity identity) { return core_->use_identity(identity); }
bool HttpsServer::stop(std::chrono::milliseconds grace) { return core_->stop(grace); }

}  // namespace pratique::net
