// What to watch: RFC 7047 section 4.1.5 <monitor-request>, and Open vSwitch's conditions (ovsdb-server(7) section
// 4.1.12).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/changes.h"
#include "libs/protocol/ovsdb/condition.h"

namespace pratique::ovsdb {

struct MonitorRequest {
  std::optional<std::vector<std::string>> columns = {};  // none: all
  Where where = {};                                      // v2 alone; none: every row
  bool initial = true;
  bool insert = true;
  bool remove = true;
  bool modify = true;
};
/// By table.
using MonitorRequests = std::map<std::string, MonitorRequest, std::less<>>;

/// INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE: no table, or conditions in version 1.
Result<json::Value> encode_monitor_requests(const MonitorRequests& requests, MonitorVersion version);

}  // namespace pratique::ovsdb
