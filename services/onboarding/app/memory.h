// How to reach a device's manufacturer, remembered between the steps of its session so that the registrar is not asked
// again. A memory, not a state: what is not here is asked for.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "libs/base/clock.h"
#include "services/onboarding/app/admission.h"
#include "services/onboarding/domain/ids.h"

namespace pratique::onboarding {

class Manufacturers {
 public:
  static constexpr std::chrono::seconds kKeep{60};
  static constexpr std::size_t kMost = 4096;  // sessions; beyond, all are forgotten

  explicit Manufacturers(const Clock& clock) : clock_(clock) {}

  void remember(const SessionId& session, const ManufacturerFacts& facts);
  std::optional<ManufacturerFacts> find(const SessionId& session) const;

 private:
  struct Entry {
    ManufacturerFacts facts;
    Timestamp until;
  };
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<SessionId, Entry> entries_;
};

}  // namespace pratique::onboarding
