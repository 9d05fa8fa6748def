// Internal to this room: a listening socket.
#pragma once

#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "libs/base/result.h"
#include "libs/net/endpoint.h"

namespace pratique::net {

/// Binds and listens; "::" takes IPv4 as well. INVALID_ARGUMENT `config_reason` where the host is no literal,
/// UNAVAILABLE LISTEN_FAILED.
inline Result<void> listen_on(boost::asio::ip::tcp::acceptor& acceptor, const Endpoint& endpoint,
                              std::string_view config_reason) {
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(endpoint.host, failed);
  if (failed) return invalid(config_reason, "the address to listen on, '" + endpoint.host + "', is no IP literal");
  const boost::asio::ip::tcp::endpoint where(address, endpoint.port);
  acceptor.open(where.protocol(), failed);
  if (!failed && address.is_v6()) acceptor.set_option(boost::asio::ip::v6_only(!address.is_unspecified()), failed);
  if (!failed) acceptor.set_option(boost::asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(where, failed);
  if (!failed) acceptor.listen(boost::asio::socket_base::max_listen_connections, failed);
  if (failed) return unavailable("LISTEN_FAILED", "cannot listen on " + endpoint.text() + ": " + failed.message());
  return {};
}

}  // namespace pratique::net
