// Internal to this room: an end to a step on a socket, however many operations the step has.
//
// The act is one that sticks (a closed socket, a closed reading side), since the expiry may fall between two
// operations of the step, when there is nothing to cancel.
#pragma once

#include "libs/net/asio.h"

#include <chrono>
#include <memory>
#include <string>

namespace pratique::net {

class Deadline {
 public:
  enum class Act {
    close,        // every operation fails from then on
    end_reading,  // reads end as if the peer had finished; an answer can still be written
  };

  /// `socket` must outlive it; use it on the socket's thread.
  explicit Deadline(tcp::socket& socket) : socket_(socket), timer_(socket.get_executor()) {}
  ~Deadline() { disarm(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  /// Begins a step; ends the one before.
  void arm(std::chrono::milliseconds after, Act act) {
    expired_ = false;
    const auto round = ++*round_;
    timer_.expires_after(after);
    timer_.async_wait([this, act, round, current = std::weak_ptr(round_)](const error_code&) {
      const auto still = current.lock();
      if (still == nullptr || *still != round) return;
      expired_ = true;
      error_code ignored;
      if (act == Act::close) socket_.close(ignored);
      else socket_.shutdown(tcp::socket::shutdown_receive, ignored);
    });
  }
  void disarm() {
    ++*round_;
    timer_.cancel();
  }
  bool expired() const { return expired_; }

 private:
  tcp::socket& socket_;
  asio::steady_timer timer_;
  std::shared_ptr<unsigned> round_ = std::make_shared<unsigned>(0);
  bool expired_ = false;
};

/// "192.0.2.7", "2001:db8::7"; an IPv4 address that came in over IPv6 as IPv4.
inline std::string address_text(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

/// "192.0.2.7:49152", "[2001:db8::7]:49152".
inline std::string endpoint_text(const tcp::endpoint& endpoint) {
  const auto address = address_text(endpoint.address());
  return (address.contains(':') ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

}  // namespace pratique::net
