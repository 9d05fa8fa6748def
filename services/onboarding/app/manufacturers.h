// How to reach a manufacturer, remembered between a device's steps so that the registrar is not asked again. A memory,
// not a state: what is not here is asked for.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "libs/base/clock.h"
#include "services/onboarding/app/admission.h"

namespace pratique::onboarding {

class Manufacturers {
 public:
  static constexpr std::chrono::seconds kKeep{60};
  static constexpr std::size_t kMost = 1024;

  explicit Manufacturers(const Clock& clock) : clock_(clock) {}

  void remember(const std::string& masa_url, const ManufacturerFacts& facts);
  std::optional<ManufacturerFacts> find(const std::string& masa_url) const;

 private:
  struct Entry {
    ManufacturerFacts facts;
    Timestamp until;
  };
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace pratique::onboarding
