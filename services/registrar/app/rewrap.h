// Wrapping every sealed value under the current master key: after a new key was put first in its file and before the
// old line is dropped. Runs beside the service, in short transactions; may be stopped and begun again at any time.
#pragma once

#include <cstdint>

#include "libs/crypto/primitives/envelope.h"
#include "libs/pg/pool.h"

namespace pratique::registrar {

inline constexpr int kRewrapBatch = 100;  // rows a transaction

struct RewrapReport {
  std::int64_t looked_at = 0;
  std::int64_t rewrapped = 0;
};

/// The first value that cannot be unwrapped ends it, named; what was done stays done.
Result<RewrapReport> rewrap_all(pg::Pool& pool, const crypto::Envelope& envelope);

}  // namespace pratique::registrar
