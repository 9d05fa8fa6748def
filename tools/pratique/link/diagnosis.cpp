#include "tools/pratique/link/diagnosis.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace pratique::cli {
namespace {

class Socket {
 public:
  explicit Socket(const addrinfo& to) : fd_(socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  Reach connect_to(const addrinfo& to, std::chrono::milliseconds patience) {
    if (fd_ < 0) return Reach::silent;
    if (connect(fd_, to.ai_addr, to.ai_addrlen) == 0) return Reach::connected;
    if (errno != EINPROGRESS) return judge(errno);
    pollfd wait{fd_, POLLOUT, 0};
    if (poll(&wait, 1, static_cast<int>(patience.count())) != 1) return Reach::silent;
    int failure = 0;
    socklen_t size = sizeof failure;
    if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) return Reach::silent;
    return failure == 0 ? Reach::connected : judge(failure);
  }

 private:
  static Reach judge(int failure) { return failure == ECONNREFUSED ? Reach::refused : Reach::silent; }
  int fd_;
};

}  // namespace

Reach reach(const runtime::Address& address, std::chrono::milliseconds patience) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0)
    return Reach::unknown_host;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
  Reach best = Reach::silent;
  for (const auto* one = all.get(); one != nullptr; one = one->ai_next) {
    const auto now = Socket(*one).connect_to(*one, patience);
    if (now == Reach::connected) return now;
    if (now == Reach::refused) best = now;
  }
  return best;
}

std::string likely_cause(Reach reached, std::string_view service, const runtime::Address& address, std::string_view ca,
                         std::string_view expected_uri) {
  const auto where = address.text();
  switch (reached) {
    case Reach::unknown_host:
      return fmt::format("the name {} does not resolve: check --{} for a typing error, and this machine's DNS",
                         address.host, service);
    case Reach::refused:
      return fmt::format("nothing listens at {}: is the {} running, and is this the port of its gRPC API?", where,
                         service);
    case Reach::silent:
      return fmt::format("{} does not answer at all: check the address, the network and the firewalls on the way",
                         where);
    case Reach::connected:
      return fmt::format(
          "something listens at {}, but no secure connection came about. Check that (1) it is the {} and not another "
          "service or port: its certificate must name {}; (2) its certificate comes from a CA in {}; (3) it trusts the "
          "CA "
          "of our certificate, which must be within its validity; (4) it is not just starting or stopping",
          where, service, expected_uri, ca.empty() ? "our --ca file" : ca);
  }
  return "";
}

bool never_answered(const Error& error) {
  if (error.code != ErrorCode::unavailable && error.code != ErrorCode::deadline_exceeded) return false;
  return std::ranges::none_of(error.evidence, [](const auto& fact) { return fact.first == "peer_domain"; });
}

}  // namespace pratique::cli
