#include "libs/net/byte_stream.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "libs/net/endpoint.h"
#include "libs/net/resolve.h"

namespace pratique::net {

/// Who may look at the descriptors.
struct StreamWaiting {
  static int of(const ByteStream& stream) { return stream.fd_; }
  static int of(const WakeUp& wake) { return wake.fd_; }
};

namespace {

constexpr std::string_view kUnix = "unix:";

Error failed(std::string_view what, int code) {
  return unavailable("STREAM_FAILED", std::string(what) + ": " + std::generic_category().message(code));
}
Error timeout(std::string_view what) {
  return {ErrorCode::deadline_exceeded, "STREAM_TIMEOUT", std::string(what) + " took too long"};
}
Error woken(std::string_view what) {
  return {ErrorCode::cancelled, "STREAM_WOKEN", std::string(what) + " was given up"};
}

/// Rounded up, so that a wait never ends just before its deadline and begins anew at once.
int milliseconds_until(ByteStream::Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

Result<Waited> poll_until(std::span<pollfd> entries, ByteStream::Deadline deadline, bool last_is_wake) {
  for (;;) {
    const int count = ::poll(entries.data(), entries.size(), milliseconds_until(deadline));
    if (count > 0)
      return last_is_wake && count == 1 && entries.back().revents != 0 ? Waited::woken : Waited::ready;
    if (count == 0 && std::chrono::steady_clock::now() >= deadline) return Waited::deadline;
    if (count < 0 && errno != EINTR) return failed("waiting", errno);
  }
}

struct Target {
  sockaddr_storage address{};
  socklen_t size = 0;
};

Result<Target> unix_target(std::string_view path) {
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path || path.contains('\0'))
    return invalid("ENDPOINT_INVALID", "the path of a unix socket has 1 to 107 bytes");
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  Target out;
  std::memcpy(&out.address, &address, sizeof address);
  out.size = sizeof address;
  return out;
}

/// Of a numeric address, as `resolve` gives it.
Result<Target> numeric_target(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0 || found == nullptr)
    return invalid("ENDPOINT_INVALID", "no address: " + host);
  Target out;
  std::memcpy(&out.address, found->ai_addr, found->ai_addrlen);
  out.size = found->ai_addrlen;
  freeaddrinfo(found);
  return out;
}

Result<std::vector<Target>> targets_of(std::string_view address, ByteStream::Deadline deadline) {
  std::vector<Target> out;
  if (address.starts_with(kUnix)) {
    TRY(out.emplace_back(), unix_target(address.substr(kUnix.size())));
    return out;
  }
  TRY(const auto endpoint, parse_endpoint(address));
  const auto left = std::chrono::milliseconds(milliseconds_until(deadline));
  TRY(const auto hosts, resolve(endpoint.host, left));
  for (const auto& host : hosts) {
    TRY(out.emplace_back(), numeric_target(host, endpoint.port));
  }
  return out;
}

}  // namespace

Result<WakeUp> WakeUp::make() {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return failed("making an event descriptor", errno);
  return WakeUp(fd);
}
WakeUp::WakeUp(WakeUp&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
WakeUp& WakeUp::operator=(WakeUp&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
WakeUp::~WakeUp() {
  if (fd_ >= 0) close(fd_);
}
void WakeUp::wake() const noexcept { static_cast<void>(!eventfd_write(fd_, 1)); }
void WakeUp::clear() const noexcept {
  eventfd_t count = 0;
  static_cast<void>(!eventfd_read(fd_, &count));
}

ByteStream::ByteStream(ByteStream&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
ByteStream& ByteStream::operator=(ByteStream&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
ByteStream::~ByteStream() {
  if (fd_ >= 0) close(fd_);
}

Result<void> ByteStream::check_address(std::string_view address) {
  if (address.starts_with(kUnix)) {
    TRY_VOID(unix_target(address.substr(kUnix.size())));
    return {};
  }
  TRY_VOID(parse_endpoint(address));
  return {};
}

Result<ByteStream> ByteStream::connect(std::string_view address, Deadline deadline, const WakeUp* wake) {
  const std::string what = "connecting to " + std::string(address);
  TRY(const auto targets, targets_of(address, deadline));
  Error last = unavailable("STREAM_FAILED", what + ": no address");
  for (const auto& target : targets) {
    ByteStream stream(::socket(target.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (stream.fd_ < 0) return failed(what, errno);
    int code = 0;
    if (::connect(stream.fd_, reinterpret_cast<const sockaddr*>(&target.address), target.size) != 0) {
      code = errno;
      // A unix socket whose backlog is full says EAGAIN and can only be tried again: as good as refused.
      if (code == EINPROGRESS) {
        std::array on{Interest{.stream = &stream, .write = true}};
        TRY(const auto waited, wait_for(on, wake, deadline));
        if (waited == Waited::woken) return woken(what);
        if (waited == Waited::deadline) return timeout(what);
        socklen_t size = sizeof code;
        if (getsockopt(stream.fd_, SOL_SOCKET, SO_ERROR, &code, &size) != 0) code = errno;
      }
    }
    if (code == 0) {
      const int yes = 1;  // small messages that are waited for: no delay. A unix socket does not know of it
      if (target.address.ss_family != AF_UNIX)
        setsockopt(stream.fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      return stream;
    }
    last = failed(what, code);
  }
  return last;
}

Result<std::size_t> ByteStream::read_some(std::span<std::uint8_t> into) {
  for (;;) {
    const auto count = ::recv(fd_, into.data(), into.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) return unavailable("STREAM_FAILED", "the peer closed the connection");
    if (errno == EAGAIN) return std::size_t{0};
    if (errno != EINTR) return failed("reading", errno);
  }
}

Result<std::size_t> ByteStream::write_some(ByteView bytes) {
  for (;;) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN) return std::size_t{0};
    if (errno != EINTR) return failed("writing", errno);
  }
}

Result<void> ByteStream::write_all(ByteView bytes, Deadline deadline, const WakeUp* wake) {
  while (!bytes.empty()) {
    TRY(const auto count, write_some(bytes));
    bytes = bytes.subspan(count);
    if (count > 0) continue;
    pollfd entries[2] = {{fd_, POLLOUT, 0}, {wake != nullptr ? StreamWaiting::of(*wake) : -1, POLLIN, 0}};
    TRY(const auto waited, poll_until(entries, deadline, wake != nullptr));
    if (waited == Waited::woken) return woken("writing");
    if (waited == Waited::deadline) return timeout("writing");
  }
  return {};
}

Result<Waited> wait_for(std::span<Interest> streams, const WakeUp* wake, ByteStream::Deadline deadline) {
  std::vector<pollfd> entries;
  for (const auto& each : streams)
    entries.push_back({StreamWaiting::of(*each.stream), static_cast<short>(each.write ? POLLIN | POLLOUT : POLLIN), 0});
  if (wake != nullptr) entries.push_back({StreamWaiting::of(*wake), POLLIN, 0});
  TRY(const auto waited, poll_until(entries, deadline, wake != nullptr));
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i].readable = (entries[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
    streams[i].writable = (entries[i].revents & (POLLOUT | POLLERR)) != 0;
  }
  return waited;
}

}  // namespace pratique::net
