// What a session hears, one type for each thing that can come (RFC 7047 section 4.1). `request` is what the call that
// asked for it returned.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/protocol/ovsdb/changes.h"
#include "libs/protocol/ovsdb/error_object.h"
#include "libs/protocol/ovsdb/message.h"
#include "libs/protocol/ovsdb/schema.h"
#include "libs/protocol/ovsdb/transact_result.h"

namespace pratique::ovsdb {

enum class Method { list_dbs, get_schema, transact, monitor, monitor_cond, monitor_cancel, echo, lock, steal, unlock };
/// As on the wire.
std::string_view to_string(Method method);

struct DatabasesListed {
  RequestId request;
  std::vector<std::string> names;
};
struct SchemaGiven {
  RequestId request;
  Schema schema;
};
struct Transacted {
  RequestId request;
  TransactResult result;
};
/// The initial rows; changes follow as `Updated`.
struct Monitoring {
  RequestId request;
  std::string monitor;
  MonitorVersion version;
  std::vector<RowChange> changes;
};
struct Updated {
  std::string monitor;
  MonitorVersion version;
  std::vector<RowChange> changes;
};
struct MonitorCancelled {
  RequestId request;
  std::string monitor;
};
struct Echoed {
  RequestId request;
};
/// held false: queued; a LockGained follows one day.
struct LockAnswered {
  RequestId request;
  std::string lock;
  bool held;
};
struct Unlocked {
  RequestId request;
  std::string lock;
};
struct LockGained {
  std::string lock;
};
struct LockStolen {
  std::string lock;
};
/// The server answered with an error; the request did nothing.
struct Refused {
  RequestId request;
  Method method;
  ErrorObject error;
};

using Event = std::variant<DatabasesListed, SchemaGiven, Transacted, Monitoring, Updated, MonitorCancelled, Echoed,
                           LockAnswered, Unlocked, LockGained, LockStolen, Refused>;

}  // namespace pratique::ovsdb
