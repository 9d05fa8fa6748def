// Wrapping every switch's secret under the current keys: after a new key was put first in one of the two files and
// before its old line is dropped. Runs beside the service; may be stopped and begun again at any time.
#pragma once

#include <cstdint>

#include "libs/pg/pool.h"
#include "services/network/secrets.h"

namespace pratique::network {

struct RewrapReport {
  std::int64_t looked_at = 0;
  std::int64_t rewrapped = 0;
};

/// The first secret that cannot be unwrapped ends it, named; what was done stays done.
Result<RewrapReport> rewrap_all(pg::Pool& pool, const SwitchSecrets& secrets);

}  // namespace pratique::network
