// What every use case works with.
#pragma once

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/pg/pool.h"

namespace pratique::network {

/// All outlive whoever holds this.
struct Surroundings {
  pg::Pool& pool;
  const Clock& clock;
  Random& random;
};

}  // namespace pratique::network
