#include "tools/factory/masa_server.h"

namespace pratique::factory {
namespace {

constexpr std::chrono::seconds kStopGrace{2};

}  // namespace

Result<std::unique_ptr<MasaServer>> MasaServer::start(Masa& masa, const net::Endpoint& listen,
                                                      const pki::Identity& identity) {
  std::unique_ptr<MasaServer> out(new MasaServer(masa));
  TRY(auto tls, net::TlsIdentity::make(identity.chain, identity.key));
  net::HttpsServerConfig config;
  config.listen = listen;
  config.client_certificate = net::ClientCertificate::requested;
  config.max_body_bytes = voucher::kMaxSignedBytes;
  TRY(out->server_, net::HttpsServer::start(std::move(config), std::move(tls), out->executor_,
                                            [&masa](const net::http::Request& request, const net::PeerInfo& peer) {
                                              return masa.handle(request, peer);
                                            }));
  return out;
}

MasaServer::~MasaServer() {
  masa_.stop();
  if (server_) server_->stop(kStopGrace);
}

}  // namespace pratique::factory
