// Logons: table radius_auth, bounded by the number of ports (0002_radius.sql). RADIUS servers write a refusal down at
// once; an accept comes with its report (sessions.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/pg/tx.h"
#include "services/network/domain/attempt.h"

namespace pratique::network {

struct AttemptFilter {
  DeviceId device = {};
  SwitchId on_switch = {};
  PortId port = {};
  std::optional<MacAddress> mac = {};
  std::optional<bool> accepted = {};
  std::optional<Timestamp> from = {};   // by last_time
  std::optional<Timestamp> until = {};  // not included
};
/// The place of an attempt in a list; opaque.
struct ListedAttempt {
  Attempt attempt = {};
  std::string place = {};
};
/// Newest first by last_time, those behind `after` (empty: from the newest). INVALID_ARGUMENT FIELD_INVALID: `after` is
/// no place. What happens again while a list is read moves to its head, where the next list shows it.
Result<std::vector<ListedAttempt>> list_attempts(pg::Tx& tx, const AttemptFilter& filter, std::string_view after,
                                                 int limit);

/// Looks at `limit` rows behind `after`, in an order that has nothing to do with time, and deletes those whose
/// last_time is before. There is no index on that time: each logon would have to move its row in it.
struct AttemptSweep {
  std::int64_t forgotten = 0;
  std::string last = {};  // where to go on; empty: that was the end
};
Result<AttemptSweep> sweep_attempts(pg::Tx& tx, Timestamp before, std::string_view after, int limit);

}  // namespace pratique::network
