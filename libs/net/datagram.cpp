#include "libs/net/datagram.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace pratique::net {
namespace {

Error failed(std::string_view what, int number) {
  const auto message = std::string(what) + ": " + std::generic_category().message(number);
  switch (number) {
    case ECONNREFUSED:
    case ECONNRESET:
    case ENOTCONN:
    case ENOENT:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EACCES: return unavailable("DATAGRAM_PEER_GONE", message);
    case EMSGSIZE: return invalid("DATAGRAM_TOO_LARGE", message);
    case EAGAIN:
    case ENOBUFS: return {ErrorCode::resource_exhausted, "DATAGRAM_QUEUE_FULL", message};
    default: return internal("DATAGRAM_SOCKET_FAILED", message);
  }
}

/// Of any family that this room knows.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress to_system(const UdpAddress& from) {
  SocketAddress out;
  const auto bytes = from.address.bytes();
  if (from.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(from.port);
    std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    std::memcpy(&out.storage, &v4, out.size = sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(from.port);
    v6.sin6_scope_id = from.scope;
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    std::memcpy(&out.storage, &v6, out.size = sizeof v6);
  }
  return out;
}

UdpAddress from_system(const SocketAddress& from) {
  if (from.storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &from.storage, sizeof v4);
    IpAddress::V4 bytes;
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return {.address = IpAddress(bytes), .port = ntohs(v4.sin_port)};
  }
  if (from.storage.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &from.storage, sizeof v6);
    IpAddress::V6 bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return {.address = IpAddress(bytes), .port = ntohs(v6.sin6_port), .scope = v6.sin6_scope_id};
  }
  return {};
}

Result<SocketAddress> to_system(const std::filesystem::path& path) {
  const auto& text = path.native();
  if (text.empty() || text.size() > kMaxUnixPath || text.contains('\0'))
    return invalid("DATAGRAM_ADDRESS_INVALID", "a Unix socket's path must have 1 to 107 bytes").with("path", text);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, text.data(), text.size());
  SocketAddress out;
  std::memcpy(&out.storage, &address, sizeof address);
  out.size = sizeof address;
  return out;
}

Result<Descriptor> make_socket(int family) {
  Descriptor fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return failed("cannot open a socket", errno);
  const int on = 1;
  if (family == AF_INET6 && ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0)
    return failed("cannot keep a socket to IPv6", errno);
  return fd;
}

int family_of(const UdpAddress& address) { return address.address.is_v4() ? AF_INET : AF_INET6; }

Result<void> checked(ssize_t sent, std::string_view to) {
  if (sent >= 0) return {};
  return failed("cannot send to " + std::string(to), errno);
}

/// A private folder, removed where nobody took it.
class PrivateFolder {
 public:
  static Result<PrivateFolder> make() {
    std::error_code ignored;
    auto parent = std::filesystem::temp_directory_path(ignored);
    // Deep folders for temporary files leave no room for a socket's path.
    if (ignored || parent.native().size() > kMaxUnixPath / 2) parent = "/tmp";
    std::string name = (parent / "pratique-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return failed("cannot make a folder in " + parent.string(), errno);
    return PrivateFolder(std::move(name));
  }
  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path take() { return std::exchange(path_, {}); }

 private:
  explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  if (fd_ >= 0) ::close(fd_);
  fd_ = std::exchange(other.fd_, -1);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Waker> Waker::make() {
  Descriptor fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (fd.get() < 0) return failed("cannot make an event descriptor", errno);
  return Waker(std::move(fd));
}

void Waker::wake() const {
  const std::uint64_t one = 1;
  // A full counter, the only failure, is a wake that was not taken yet.
  [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
}

bool Waker::take() const {
  std::uint64_t count = 0;
  return ::read(fd_.get(), &count, sizeof count) == sizeof count;
}

std::string UdpAddress::text() const {
  const auto host = address.text();
  return (address.is_v4() ? host : "[" + host + "]") + ":" + std::to_string(port);
}

Result<DatagramSocket> DatagramSocket::bind_udp(const UdpAddress& local) {
  TRY(auto fd, make_socket(family_of(local)));
  const auto address = to_system(local);
  if (::bind(fd.get(), address.get(), address.size) != 0) return failed("cannot bind to " + local.text(), errno);
  return DatagramSocket(std::move(fd), {});
}

Result<DatagramSocket> DatagramSocket::open_udp(const UdpAddress& peer) {
  if (peer.port == 0) return invalid("DATAGRAM_ADDRESS_INVALID", "nobody can be reached at port 0");
  TRY(auto fd, make_socket(family_of(peer)));
  const auto address = to_system(peer);
  if (::connect(fd.get(), address.get(), address.size) != 0) return failed("cannot reach " + peer.text(), errno);
  return DatagramSocket(std::move(fd), {});
}

Result<DatagramSocket> DatagramSocket::open_unix(const std::filesystem::path& peer) {
  TRY(const auto far_end, to_system(peer));
  TRY(auto fd, make_socket(AF_UNIX));
  TRY(auto folder, PrivateFolder::make());
  const auto path = folder.path() / "s";
  TRY(const auto own, to_system(path));
  if (::bind(fd.get(), own.get(), own.size) != 0) return failed("cannot bind to " + path.string(), errno);
  if (::connect(fd.get(), far_end.get(), far_end.size) != 0) return failed("cannot reach " + peer.string(), errno);
  return DatagramSocket(std::move(fd), {.path = path, .folder = folder.take()});
}

Result<DatagramSocket> DatagramSocket::bind_unix(const std::filesystem::path& path) {
  TRY(const auto own, to_system(path));
  TRY(auto fd, make_socket(AF_UNIX));
  if (::bind(fd.get(), own.get(), own.size) != 0) return failed("cannot bind to " + path.string(), errno);
  return DatagramSocket(std::move(fd), {.path = path});
}

DatagramSocket::DatagramSocket(DatagramSocket&& other) noexcept
    : fd_(std::move(other.fd_)), place_(std::exchange(other.place_, {})) {}

DatagramSocket& DatagramSocket::operator=(DatagramSocket&& other) noexcept {
  if (this == &other) return *this;
  remove_place();
  fd_ = std::move(other.fd_);
  place_ = std::exchange(other.place_, {});
  return *this;
}

DatagramSocket::~DatagramSocket() { remove_place(); }

void DatagramSocket::remove_place() {
  std::error_code ignored;
  if (!place_.path.empty()) std::filesystem::remove(place_.path, ignored);
  if (!place_.folder.empty()) std::filesystem::remove(place_.folder, ignored);
}

Result<void> DatagramSocket::send(ByteView bytes) const {
  return checked(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), "the peer");
}

Result<void> DatagramSocket::send_to(ByteView bytes, const UdpAddress& to) const {
  const auto address = to_system(to);
  return checked(::sendto(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL, address.get(), address.size), to.text());
}

Result<std::optional<Datagram>> DatagramSocket::receive() const {
  Bytes buffer(kMaxDatagram);
  SocketAddress from;
  const auto count = ::recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, from.get(), &from.size);
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return std::optional<Datagram>();
    return failed("cannot receive", errno);
  }
  buffer.resize(static_cast<std::size_t>(count));
  return std::optional(Datagram{.bytes = std::move(buffer), .from = from_system(from)});
}

Result<UdpAddress> DatagramSocket::local() const {
  SocketAddress own;
  if (::getsockname(fd_.get(), own.get(), &own.size) != 0) return failed("cannot tell a socket's address", errno);
  return from_system(own);
}

Result<bool> wait_for_datagrams(std::span<const DatagramSocket* const> sockets, const Waker& waker,
                                std::chrono::steady_clock::time_point deadline) {
  std::vector<pollfd> all;
  all.reserve(sockets.size() + 1);
  all.push_back({waker.descriptor(), POLLIN, 0});
  for (const auto* socket : sockets) all.push_back({socket->descriptor(), POLLIN, 0});
  while (true) {
    // Rounded up: a wait that ends early would be begun again and again.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    const auto timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
    const int ready = ::poll(all.data(), all.size(), timeout);
    if (ready < 0 && errno != EINTR) return failed("cannot wait for datagrams", errno);
    if (ready > 0) {
      const bool woken = all[0].revents != 0 && waker.take();
      const bool some = std::any_of(all.begin() + 1, all.end(), [](const pollfd& one) { return one.revents != 0; });
      if (some || woken) return some;
    }
    if (std::chrono::steady_clock::now() >= deadline) return false;
  }
}

}  // namespace pratique::net
