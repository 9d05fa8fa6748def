// How long the authority's certificates are still valid: shown as metrics, and warned of before devices feel it.
#pragma once

#include <chrono>
#include <optional>

#include "libs/base/clock.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/registrar/domain/authority.h"

namespace pratique::registrar {

/// From this long before the first of the chain ends, there is a warning …
inline constexpr std::chrono::hours kAuthorityWarning{30 * 24};
/// … this often.
inline constexpr std::chrono::hours kAuthorityWarningEvery{24};

class AuthorityWatch {
 public:
  /// All outlive it.
  AuthorityWatch(const Authority& authority, const Clock& clock, const obs::Log& log, obs::Metrics& metrics);
  /// Now and then; one thread at a time.
  void look();

 private:
  const Authority& authority_;
  const Clock& clock_;
  const obs::Log& log_;
  obs::Gauge issuer_, chain_;
  std::optional<Timestamp> told_;
};

}  // namespace pratique::registrar
