// A site: where switches stand. For operators; segments are the same everywhere.
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

inline constexpr std::size_t kMaxSiteName = 64;

struct Site {
  SiteId id = {};
  std::string name = {};
  std::string display_name = {};
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 0;
};
/// INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<void> check_site(const Site& site);

}  // namespace pratique::network
