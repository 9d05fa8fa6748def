// What the registrar said a moment ago, kept so that it is not asked again in the next step of the same onboarding. A
// memory, not a state: what is not here is asked for, and another replica knows nothing of it. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "libs/base/clock.h"
#include "services/onboarding/app/admission.h"
#include "services/onboarding/domain/ids.h"

namespace pratique::onboarding {

template <typename Key, typename Value>
class Memory {
 public:
  static constexpr std::chrono::seconds kKeep{60};
  static constexpr std::size_t kMost = 4096;  // beyond, all are forgotten

  explicit Memory(const Clock& clock) : clock_(clock) {}

  void remember(const Key& key, const Value& value) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= kMost) entries_.clear();
    entries_.insert_or_assign(key, Entry{value, clock_.now() + kKeep});
  }
  std::optional<Value> find(const Key& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.until < clock_.now()) return std::nullopt;
    return found->second.value;
  }

 private:
  struct Entry {
    Value value;
    Timestamp until;
  };
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

/// How to reach a device's manufacturer, by session.
using Manufacturers = Memory<SessionId, ManufacturerFacts>;
/// What a device's certificate will say, by the device's name.
using CredentialTemplates = Memory<std::string, CredentialTemplate>;

}  // namespace pratique::onboarding
