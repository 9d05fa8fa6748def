// How many there are: numbers for the metrics, taken now and then.
#pragma once

#include <cstdint>
#include <map>

#include "libs/pg/tx.h"
#include "services/registrar/domain/device_state.h"

namespace pratique::registrar {

struct Census {
  std::map<DeviceState, std::int64_t> devices;  // every state
  std::int64_t pending_approvals = 0;
  // Devices by the end of their newest live credential.
  std::int64_t ends_within_week = 0;
  std::int64_t ends_within_month = 0;  // those of the week, too
  std::int64_t ended = 0;
  std::int64_t audit_entries = 0;
  std::int64_t events = 0;  // ever
};

Result<Census> take_census(pg::Tx& tx, Timestamp now);

}  // namespace pratique::registrar
