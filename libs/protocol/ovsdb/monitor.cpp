#include "libs/protocol/ovsdb/monitor.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error unsendable(std::string_view message) { return invalid(reason::kValueUnsendable, message); }

Result<json::Value> encode_one(const MonitorRequest& request, MonitorVersion version) {
  auto out = json::Value::object();
  if (request.columns) {
    auto columns = json::Value::array();
    for (const auto& column : *request.columns) {
      if (!is_id(column)) return unsendable("a column whose name is no identifier");
      columns.push_back(column);
    }
    out.set("columns", std::move(columns));
  }
  if (!request.where.empty()) {
    if (version == MonitorVersion::v1) return unsendable("conditions want version 2");
    TRY(auto where, encode_where(request.where));
    out.set("where", std::move(where));
  }
  auto select = json::Value::object();
  select.set("initial", request.initial).set("insert", request.insert);
  select.set("delete", request.remove).set("modify", request.modify);
  out.set("select", std::move(select));
  return out;
}

}  // namespace

Result<json::Value> encode_monitor_requests(const MonitorRequests& requests, MonitorVersion version) {
  if (requests.empty()) return unsendable("a monitor of no table");
  auto out = json::Value::object();
  for (const auto& [table, request] : requests) {
    if (!is_id(table)) return unsendable("a table whose name is no identifier");
    TRY(auto one, encode_one(request, version).with_context("table '" + table + "'"));
    // RFC 7047 wants an array; a single object is an old form of ovsdb-server's.
    auto list = json::Value::array();
    list.push_back(std::move(one));
    out.append(table, std::move(list));
  }
  return out;
}

}  // namespace pratique::ovsdb
