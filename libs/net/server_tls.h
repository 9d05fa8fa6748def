// Internal to this room: a server's side of TLS: who it is at present, and its handshakes.
#pragma once

#include <memory>
#include <mutex>

#include "libs/net/channel.h"
#include "libs/net/deadline.h"
#include "libs/net/https_server.h"
#include "libs/net/tally.h"
#include "libs/net/tls_context.h"

namespace pratique::net {

class ServerTls {
 public:
  ServerTls(const HttpsServerConfig& config, Tally<HttpsServerStats>& tally) : config_(config), tally_(tally) {}

  /// From the next handshake on. On any thread.
  Result<void> use_identity(const TlsIdentity& identity);
  /// Puts TLS on the channel with the present identity, which must have been set. `deadline` must be made from the
  /// channel's socket after that.
  void put_on(Channel& channel) const;
  /// What is known of the peer, `peer` having its address; nullptr where it failed: counted and told. `notes` must
  /// outlive the channel.
  asio::awaitable<std::shared_ptr<const PeerInfo>> shake_hands(Channel& channel, Deadline& deadline, TlsNotes& notes,
                                                               PeerInfo peer) const;

 private:
  const HttpsServerConfig& config_;
  Tally<HttpsServerStats>& tally_;
  mutable std::mutex mutex_;
  std::shared_ptr<asio::ssl::context> context_;
};

}  // namespace pratique::net
