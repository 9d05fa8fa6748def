// Internal to this room: a listening socket, and the loop that accepts from it.
#pragma once

#include "libs/net/asio.h"

#include <boost/asio/ip/v6_only.hpp>

#include <chrono>
#include <string>

#include "libs/base/result.h"
#include "libs/net/connection_book.h"
#include "libs/net/deadline.h"
#include "libs/net/endpoint.h"

namespace pratique::net {

inline constexpr std::chrono::milliseconds kAcceptPause{50};  // when out of file descriptors

/// Binds and listens; "::" takes IPv4 as well. INVALID_ARGUMENT `config_reason` where the host is no literal,
/// UNAVAILABLE LISTEN_FAILED.
inline Result<void> listen_on(tcp::acceptor& acceptor, const Endpoint& endpoint, std::string_view config_reason) {
  error_code failed;
  const auto address = asio::ip::make_address(endpoint.host, failed);
  if (failed) return invalid(config_reason, "the address to listen on, '" + endpoint.host + "', is no IP literal");
  const tcp::endpoint where(address, endpoint.port);
  acceptor.open(where.protocol(), failed);
  if (!failed && address.is_v6()) acceptor.set_option(asio::ip::v6_only(!address.is_unspecified()), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(where, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return unavailable("LISTEN_FAILED", "cannot listen on " + endpoint.text() + ": " + failed.message());
  return {};
}

/// Until the acceptor is closed: gives every connection for which the book has a place to `serve`, a function of
/// (tcp::socket, tcp::endpoint remote, ConnectionBook<Stats>::Place); the others are closed at once.
template <typename Stats, typename Serve>
asio::awaitable<void> accept_loop(tcp::acceptor& acceptor, ConnectionBook<Stats>& book, Serve serve) {
  error_code failed;
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    tcp::socket socket(acceptor.get_executor());
    co_await acceptor.async_accept(socket, token);
    if (!acceptor.is_open()) break;
    if (failed) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(token);
      continue;
    }
    const auto remote = socket.remote_endpoint(failed);
    if (failed) continue;
    auto place = book.admit(address_text(remote.address()));
    if (!place) continue;
    socket.set_option(tcp::no_delay(true), failed);
    serve(std::move(socket), remote, *std::move(place));
  }
}

}  // namespace pratique::net
