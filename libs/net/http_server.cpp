#include "libs/net/http_server.h"

#include "libs/net/server_core.h"

namespace pratique::net {

HttpServer::HttpServer(std::unique_ptr<ServerCore> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerConfig config, Executor& executor, Handler handler) {
  HttpsServerConfig whole;
  static_cast<HttpServerConfig&>(whole) = std::move(config);
  TRY(auto core, ServerCore::start(std::move(whole), nullptr, executor, std::move(handler)));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

std::uint16_t HttpServer::port() const { return core_->port(); }
HttpServerStats HttpServer::stats() const { return core_->stats(); }
bool HttpServer::stop(std::chrono::milliseconds grace) { return core_->stop(grace); }

}  // namespace pratique::net
