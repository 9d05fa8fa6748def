#include "libs/net/server_tls.h"

namespace pratique::net {
namespace {

std::string handshake_failure(const error_code& failed, const TlsNotes& notes, bool timed_out) {
  if (timed_out) return "timeout";
  if (!notes.alert_received.empty()) return "alert: " + notes.alert_received;
  if (failed.category() != asio::error::get_ssl_category()) return "closed";
  const auto words = failed.message();
  if (words == "peer did not return a certificate") return "no client certificate";
  if (words == "http request" || words == "wrong version number") return "not TLS";
  return words;
}

}  // namespace

Result<void> ServerTls::use_identity(const TlsIdentity& identity) {
  TRY(auto made, make_server_context(identity, config_.client_certificate, config_.versions));
  auto fresh = std::make_shared<asio::ssl::context>(made.release());
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh);
  return {};
}

void ServerTls::put_on(Channel& channel) const {
  const std::lock_guard lock(mutex_);
  channel.use_tls(*context_);
}

asio::awaitable<std::shared_ptr<const PeerInfo>> ServerTls::shake_hands(Channel& channel, Deadline& deadline,
                                                                        TlsNotes& notes, PeerInfo peer) const {
  error_code failed;
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  SSL* ssl = channel.tls()->native_handle();
  attach_notes(ssl, notes);
  deadline.arm(config_.handshake_timeout, Deadline::Act::close);
  co_await channel.tls()->async_handshake(asio::ssl::stream_base::server, token);
  std::string reason;
  if (failed) {
    reason = handshake_failure(failed, notes, deadline.expired());
  } else if (auto read = read_peer(ssl, TlsSide::server); !read) {
    reason = "client certificate unreadable";
  } else {
    read->remote = std::move(peer.remote);
    read->remote_address = std::move(peer.remote_address);
    tally_.count([](auto& stats) { ++stats.handshakes; });
    co_return std::make_shared<const PeerInfo>(*std::move(read));
  }
  tally_.count([&](auto& stats) { ++stats.handshakes_failed[reason]; });
  if (config_.on_handshake_failed) config_.on_handshake_failed(peer.remote, reason);
  co_return nullptr;
}

}  // namespace pratique::net
