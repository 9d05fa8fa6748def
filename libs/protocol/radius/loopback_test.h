// UDP on 127.0.0.1, for tests with real peers.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "libs/base/bytes.h"
#include "libs/protocol/radius/client.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/world_test.h"

namespace pratique::radius::test {

inline Peer on_loopback(std::uint16_t port) { return {*IpAddress::parse("127.0.0.1"), port}; }

class UdpSocket {
 public:
  /// On a port that the kernel chooses.
  UdpSocket() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const auto any = address_of(0);
    if (fd_ < 0 || bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
      throw std::runtime_error("cannot open a UDP socket");
  }
  ~UdpSocket() { close(fd_); }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  std::uint16_t port() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
    return ntohs(own.sin_port);
  }

  void send(ByteView datagram, std::uint16_t to) const {
    const auto peer = address_of(to);
    if (sendto(fd_, datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) < 0)
      throw std::runtime_error("cannot send");
  }

  struct Received {
    Bytes datagram;
    Peer from;
  };
  /// Waits for the next datagram; throws where none comes for long.
  Received receive() const {
    pollfd readable{fd_, POLLIN, 0};
    if (poll(&readable, 1, 10000) != 1) throw std::runtime_error("no datagram came");
    Bytes buffer(kMaxPacketSize);
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const auto count = recvfrom(fd_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
    if (count < 0) throw std::runtime_error("cannot receive");
    buffer.resize(static_cast<std::size_t>(count));
    return {std::move(buffer), on_loopback(ntohs(peer.sin_port))};
  }
  /// Nothing has come that was not yet read.
  bool is_empty() const {
    pollfd readable{fd_, POLLIN, 0};
    return poll(&readable, 1, 0) == 0;
  }

 private:
  static sockaddr_in address_of(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
  }
  int fd_;
};

/// A UDP port that was free a moment ago.
inline std::uint16_t free_udp_port() { return UdpSocket().port(); }

inline Moment the_moment() {
  return {std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::now()),
          std::chrono::steady_clock::now()};
}

/// One client and its socket.
struct Asking {
  PredictableRandom random{23};
  UdpSocket socket;
  Client client;

  Asking(std::uint16_t port, std::string_view secret, ClientRules rules = {})
      : client(on_loopback(port), secret_of(secret), rules, random) {}

  Client::Sent send(const Result<DynamicRequest>& request) {
    auto sent = must(client.start(must(request), the_moment(), random));
    socket.send(sent.datagram, client.nas().port);
    return sent;
  }
  Client::Received receive() {
    const auto came = socket.receive();
    return client.receive(came.from, came.datagram, the_moment());
  }
  /// Sends and gives what the peer said; fails the test where we do not believe it.
  Answer ask(const Result<DynamicRequest>& request) {
    send(request);
    auto received = receive();
    if (!received.answer) throw std::runtime_error("refused: " + received.verdict.first().code);
    return *std::move(received.answer);
  }
};

}  // namespace pratique::radius::test
