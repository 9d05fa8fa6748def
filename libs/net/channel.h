// Internal to this room: the bytes of one connection, over TLS or not; whoever reads and writes them need not know.
// On the socket's thread. An end by close_notify or FIN reads as asio::error::eof; over TLS, a FIN alone does not.
#pragma once

#include "libs/net/asio.h"

#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <optional>
#include <string_view>

#include "libs/base/bytes.h"

namespace pratique::net {

/// What was received and not yet read, bounded.
using ReceiveBuffer = boost::beast::flat_buffer;
inline constexpr std::size_t kReadChunk = 16 << 10;  // a record of TLS
inline ByteView view_of(const ReceiveBuffer& buffer) {
  return {static_cast<const std::uint8_t*>(buffer.data().data()), buffer.size()};
}

class Channel {
 public:
  using Tls = asio::ssl::stream<tcp::socket>;

  explicit Channel(asio::io_context& io) : plain_(io) {}
  explicit Channel(tcp::socket socket) : plain_(std::move(socket)) {}

  /// From here on everything runs over TLS; the handshake is the caller's. `context` is kept by the TLS engine.
  Tls& use_tls(asio::ssl::context& context) { return tls_.emplace(std::move(plain_), context); }
  /// nullptr: plain.
  Tls* tls() { return tls_ ? &*tls_ : nullptr; }
  tcp::socket& socket() { return tls_ ? tls_->next_layer() : plain_; }

  template <typename Token>
  auto read_some(asio::mutable_buffer space, Token& token) {
    return tls_ ? tls_->async_read_some(space, token) : plain_.async_read_some(space, token);
  }
  /// Both whole, one behind the other.
  template <typename Token>
  auto write(std::string_view head, ByteView body, Token& token) {
    const std::array<asio::const_buffer, 2> both = {asio::buffer(head.data(), head.size()),
                                                    asio::buffer(body.data(), body.size())};
    return tls_ ? asio::async_write(*tls_, both, token) : asio::async_write(plain_, both, token);
  }

 private:
  tcp::socket plain_;
  std::optional<Tls> tls_;
};

}  // namespace pratique::net
