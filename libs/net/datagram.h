// Datagram sockets: UDP over IPv4 and IPv6, and Unix. No thread of their own: whoever needs datagrams waits for them,
// on as many sockets as it has, until a deadline or until another thread wakes it.
//
//   TRY(const auto waker, Waker::make());
//   TRY(const auto socket, DatagramSocket::open_udp({nas_address, 3799}));       // connected: of this peer alone
//   TRY_VOID(socket.send(request));
//   TRY_VOID(wait_for_datagrams({&socket}, waker, deadline));                    // or until waker.wake()
//   while (true) {
//     TRY(const auto datagram, socket.receive());                                // never waits
//     if (!datagram) break;
//     handle(datagram->bytes, datagram->from);
//   }
//
// A connected socket hears its peer alone: the kernel drops what others send. Sockets and wakers may be used by several
// threads at a time, but not moved or destroyed meanwhile.
//
// Errors: UNAVAILABLE DATAGRAM_PEER_GONE (nobody listens there, no route, no such path: later may do), INVALID_ARGUMENT
// DATAGRAM_TOO_LARGE and DATAGRAM_ADDRESS_INVALID, INTERNAL DATAGRAM_SOCKET_FAILED (the system refused, and says why).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "libs/base/bytes.h"
#include "libs/base/ip_address.h"
#include "libs/base/result.h"

namespace pratique::net {

inline constexpr std::size_t kMaxDatagram = 65'535;  // bytes
inline constexpr std::size_t kMaxUnixPath = 107;     // bytes: sockaddr_un

/// Whose it is, and closed with it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

/// Ends a wait from any thread. A wake is kept until a wait ends by it; several before that count once.
class Waker {
 public:
  static Result<Waker> make();
  void wake() const;
  int descriptor() const { return fd_.get(); }
  /// True where it was woken since; forgets it.
  bool take() const;

 private:
  explicit Waker(Descriptor fd) : fd_(std::move(fd)) {}
  Descriptor fd_;
};

struct UdpAddress {
  IpAddress address = {};
  std::uint16_t port = 0;
  std::uint32_t scope = 0;  // the interface's index, of link-local IPv6 addresses
  bool operator==(const UdpAddress&) const = default;
  /// "192.0.2.7:3799", "[2001:db8::7]:3799".
  std::string text() const;
};

struct Datagram {
  Bytes bytes;
  UdpAddress from;  // of Unix sockets: nothing
};

class DatagramSocket {
 public:
  /// Hears everybody who sends to `local`; port 0: one that the system chooses. An IPv6 socket hears IPv6 alone.
  static Result<DatagramSocket> bind_udp(const UdpAddress& local);
  /// Sends to `peer` and hears it alone.
  static Result<DatagramSocket> open_udp(const UdpAddress& peer);
  /// The same towards a Unix socket, bound to a path of its own in a private folder under the folder for temporary
  /// files, where the peer answers; both go with the socket.
  static Result<DatagramSocket> open_unix(const std::filesystem::path& peer);
  /// Hears everybody who may write to `path`, which must not exist and goes with the socket.
  static Result<DatagramSocket> bind_unix(const std::filesystem::path& path);

  DatagramSocket(DatagramSocket&& other) noexcept;
  DatagramSocket& operator=(DatagramSocket&& other) noexcept;
  ~DatagramSocket();

  /// To the connected peer. Never waits: where the peer's queue is full the datagram is lost, RESOURCE_EXHAUSTED
  /// DATAGRAM_QUEUE_FULL.
  Result<void> send(ByteView bytes) const;
  Result<void> send_to(ByteView bytes, const UdpAddress& to) const;
  /// The next datagram, which may be empty; none where none has come. An error of a connected peer is told once and
  /// ends nothing.
  Result<std::optional<Datagram>> receive() const;
  /// Of UDP: where it is bound.
  Result<UdpAddress> local() const;
  int descriptor() const { return fd_.get(); }

 private:
  struct Place {
    std::filesystem::path path = {};    // removed at the end
    std::filesystem::path folder = {};  // and this after it
  };
  DatagramSocket(Descriptor fd, Place place) : fd_(std::move(fd)), place_(std::move(place)) {}
  void remove_place();

  Descriptor fd_;
  Place place_;
};

/// Until one of them has something to receive, until woken (which this takes), or until the deadline, whichever is
/// first. Returns true where a socket has something. INTERNAL DATAGRAM_SOCKET_FAILED.
Result<bool> wait_for_datagrams(std::span<const DatagramSocket* const> sockets, const Waker& waker,
                                std::chrono::steady_clock::time_point deadline);

}  // namespace pratique::net
