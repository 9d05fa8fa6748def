#include "libs/net/dnssd/chatter.h"

#include <mutex>
#include <utility>

#include <avahi-core/log.h>

namespace pratique::dnssd {
namespace {

std::mutex listener_mutex;
std::function<void(std::string_view)>& listener() {
  static std::function<void(std::string_view)> current;
  return current;
}

void hear(AvahiLogLevel, const char* text) {
  const std::scoped_lock lock(listener_mutex);
  if (listener()) listener()(text);
}

// Before main, so that there is no first message to miss and no race over who installs it.
[[maybe_unused]] const bool installed = [] {
  avahi_set_log_function(hear);
  return true;
}();

}  // namespace

void listen_to_chatter(std::function<void(std::string_view)> next) {
  const std::scoped_lock lock(listener_mutex);
  listener() = std::move(next);
}

}  // namespace pratique::dnssd
