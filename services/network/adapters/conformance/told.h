// What an adapter told, for tests that wait for it.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/network/app/adapter.h"

namespace pratique::network::conformance {

/// A failing test waits so long; a passing one does not.
inline constexpr std::chrono::seconds kPatience{20};
inline Deadline soon() { return std::chrono::steady_clock::now() + kPatience; }

class Told {
 public:
  SwitchAdapter::Listener listener() {
    return [this](const PortEvent& event) {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
      news_.notify_all();
    };
  }
  /// Waits for the next event of this kind at this port ("*": at any); it and all before are forgotten.
  std::optional<PortEvent> next(PortEvent::Kind kind, std::string_view port = "*") {
    std::unique_lock lock(mutex_);
    std::optional<PortEvent> found;
    news_.wait_until(lock, soon(), [&] {
      while (!events_.empty() && !found) {
        if (events_.front().kind == kind && (port == "*" || events_.front().port == port)) found = events_.front();
        events_.erase(events_.begin());
      }
      return found.has_value();
    });
    return found;
  }
  /// One of this kind has come that nobody waited for.
  bool has(PortEvent::Kind kind) {
    const std::lock_guard lock(mutex_);
    return std::ranges::find(events_, kind, &PortEvent::kind) != events_.end();
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    events_.clear();
  }
  /// What was told, as a failing check is to show it: "4 p1, ".
  std::string words() {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& event : events_) out += std::to_string(static_cast<int>(event.kind)) + ' ' + event.port + ", ";
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<PortEvent> events_;
};

}  // namespace pratique::network::conformance
