#include "libs/net/resolve.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace pratique::net {
namespace {

std::atomic<int> running_lookups{0};

Result<Addresses> look_up(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); failed != 0)
    return unavailable("DNS_FAILED", "cannot resolve '" + host + "': " + ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0 &&
        std::ranges::find(addresses, std::string(text.data())) == addresses.end())
      addresses.emplace_back(text.data());
  }
  if (addresses.empty()) return unavailable("DNS_FAILED", "'" + host + "' has no address");
  return addresses;
}

}  // namespace

void resolve_async(const std::string& host, std::move_only_function<void(Result<Addresses>)> done) {
  if (auto literal = look_up(host, AI_NUMERICHOST)) return done(std::move(literal));
  if (running_lookups.fetch_add(1) >= kMaxLookups) {
    running_lookups.fetch_sub(1);
    return done(unavailable("DNS_FAILED", "cannot resolve '" + host + "': too many look-ups are under way"));
  }
  std::thread([host, done = std::move(done)]() mutable {
    auto result = look_up(host, AI_ADDRCONFIG);
    running_lookups.fetch_sub(1);
    done(std::move(result));
  }).detach();
}

Result<Addresses> resolve(const std::string& host, std::chrono::milliseconds timeout) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Result<Addresses>> result;
  };
  const auto shared = std::make_shared<Shared>();
  resolve_async(host, [shared](Result<Addresses> result) {
    const std::lock_guard lock(shared->mutex);
    shared->result = std::move(result);
    shared->arrived.notify_one();
  });
  std::unique_lock lock(shared->mutex);
  if (!shared->arrived.wait_for(lock, timeout, [&] { return shared->result.has_value(); }))
    return Error{.code = ErrorCode::deadline_exceeded,
                 .reason = "DNS_FAILED",
                 .message = "no answer to the look-up of '" + host + "' in time"};
  return *std::move(shared->result);
}

}  // namespace pratique::net
