// One persistent connection to a registrar. TLS itself accepts any server; `trust` judges it each time that a
// connection is made anew, since trust found for one connection does not hold for another.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "libs/net/https_client.h"
#include "libs/protocol/est/channel_binding.h"

namespace pratique::device {

inline constexpr std::size_t kMaxAnswerBytes = 512 << 10;

class RegistrarLink {
 public:
  /// Accepts or refuses a server by what its handshake showed.
  using Trust = std::function<Verdict(const net::PeerInfo&)>;

  /// `trust` empty: provisional, whoever answers is talked to (RFC 8995 section 5.1).
  RegistrarLink(const net::Endpoint& registrar, net::TlsIdentity identity, Trust trust = {});

  /// From the next connection on; the present one was judged by the caller.
  void set_trust(Trust trust) { trust_ = std::move(trust); }
  /// Does nothing where connected. The errors of HttpsClient; the first finding of the trust's refusal.
  Result<void> connect();
  /// Counts the connections made: another number is another connection.
  int connection() const { return connection_; }
  const net::PeerInfo& peer() const { return client_.peer(); }
  std::optional<est::ChannelBinding> binding() const;
  const net::Endpoint& registrar() const { return registrar_; }

  /// On the present connection.
  Result<net::http::Response> post(std::string_view target, std::string_view type, std::string_view accept,
                                   ByteView body);
  Result<net::http::Response> get(std::string_view target, std::string_view accept);

 private:
  net::Endpoint registrar_;
  net::HttpsClient client_;
  Trust trust_;
  int connection_ = 0;
};

}  // namespace pratique::device
