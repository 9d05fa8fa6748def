#include "libs/net/dnssd/chatter.h"

#include <mutex>
#include <utility>

#include <avahi-core/log.h>

namespace pratique::dnssd {
namespace {

std::mutex listener_mutex;
std::function<void(std::string_view)>& listener() {
  static auto* const current = new std::function<void(std::string_view)>;  // outlives every thread
  return *current;
}

void hear(AvahiLogLevel, const char* text) {
  const std::scoped_lock lock(listener_mutex);
  if (listener()) listener()(text);
}

}  // namespace

void route_chatter() { avahi_set_log_function(hear); }

void listen_to_chatter(std::function<void(std::string_view)> next) {
  const std::scoped_lock lock(listener_mutex);
  listener() = std::move(next);
}

}  // namespace pratique::dnssd
