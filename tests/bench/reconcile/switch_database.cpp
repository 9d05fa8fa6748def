#include "tests/bench/reconcile/switch_database.h"

#include <fmt/format.h>

#include <cstdlib>

namespace pratique::bench {

using json::Value;

namespace {

enum class Of { root = 1, bridge = 2, port = 3, interface = 4 };

std::string uuid_of(Of table, std::size_t index = 0) {
  return fmt::format("00000000-0000-4000-8{:03}-{:012}", static_cast<int>(table), index);
}
Value list(std::initializer_list<Value> values) {
  auto out = Value::array();
  for (const auto& value : values) out.push_back(value);
  return out;
}
Value reference(const std::string& uuid) { return list({"uuid", uuid}); }
Value nothing() { return list({"set", Value::array()}); }
Value no_pairs() { return list({"map", Value::array()}); }
Value at_most(std::int64_t number) { return number != 0 ? Value(number) : nothing(); }

Error beyond(std::string_view what) {
  return internal("BENCH_SWITCH", "the switch end does not know " + std::string(what));
}

/// The uuid of [["_uuid", "==", ["uuid", "…"]]].
Result<std::string> row_of(const Value& operation) {
  const auto* const where = operation.find("where");
  if (where == nullptr || where->as_array() == nullptr || where->as_array()->size() != 1)
    return beyond("this condition");
  const auto& clause = *where->as_array()->front().as_array();
  return *clause.at(2).as_array()->at(1).as_string();
}

}  // namespace

SwitchDatabase::SwitchDatabase(const Value& schema, int ports)
    : schema_(schema), ports_(static_cast<std::size_t>(ports)) {}

Value SwitchDatabase::whole() const {
  const auto initial = [](Value row) { return Value::object().set("initial", std::move(row)); };
  auto members = Value::array(), ports = Value::object(), interfaces = Value::object();
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    const auto name = fmt::format("p{}", i + 1);
    members.push_back(reference(uuid_of(Of::port, i)));
    auto port = Value::object();
    port.append("name", name).append("tag", at_most(ports_[i].tag)).append("protected", ports_[i].is_protected);
    port.append("interfaces", reference(uuid_of(Of::interface, i))).append("external_ids", no_pairs());
    port.append("trunks", nothing()).append("vlan_mode", nothing());
    ports.append(uuid_of(Of::port, i), initial(std::move(port)));
    auto interface = Value::object();
    interface.append("name", name).append("link_state", "up").append("mac_in_use", nothing());
    interface.append("ofport", static_cast<std::int64_t>(i + 1));
    interface.append("ofport_request", at_most(ports_[i].ofport_request));
    interface.append("error", nothing()).append("external_ids", no_pairs());
    interfaces.append(uuid_of(Of::interface, i), initial(std::move(interface)));
  }
  auto bridge = Value::object(), root = Value::object();
  bridge.append("name", "br0").append("fail_mode", secure_ ? Value("secure") : nothing());
  bridge.append("datapath_id", "00004ad48ee36d41").append("ports", list({"set", std::move(members)}));
  bridge.append("external_ids", no_pairs());
  root.append("next_cfg", cfg_).append("cur_cfg", cfg_).append("ovs_version", "3.1.0");
  root.append("external_ids", no_pairs());
  auto out = Value::object();
  out.append("Open_vSwitch", Value::object().set(uuid_of(Of::root), initial(std::move(root))));
  out.append("Bridge", Value::object().set(uuid_of(Of::bridge), initial(std::move(bridge))));
  out.append("Port", std::move(ports)).append("Interface", std::move(interfaces));
  return out;
}

Result<std::string> SwitchDatabase::hear(ByteView bytes) {
  std::string out;
  for (;;) {
    TRY(const auto message, reader_.next(bytes));
    if (!message) return out;
    const auto* const id = message->find("id");
    const auto* const method = message->find("method");
    const auto* const params = message->find("params");
    if (method == nullptr || params == nullptr || params->as_array() == nullptr) continue;  // an answer to an echo
    Value result;
    if (*method->as_string() == "echo") {
      result = *params;
    } else if (*method->as_string() == "get_schema") {
      result = schema_;
    } else if (*method->as_string() == "monitor_cond") {
      monitor_ = *params->as_array()->at(1).as_string();
      result = whole();
    } else if (*method->as_string() == "transact") {
      TRY(result, transact(*params->as_array(), out));
    } else {
      return beyond(*method->as_string());
    }
    auto answer = Value::object();
    answer.append("id", *id).append("result", std::move(result)).append("error", Value());
    out += answer.dump();
  }
}

Result<Value> SwitchDatabase::transact(const std::vector<Value>& params, std::string& out) {
  Changes told;
  auto results = Value::array();
  for (std::size_t i = 1; i < params.size(); ++i) {
    const auto& operation = params[i];
    const auto& op = *operation.find("op")->as_string();
    if (op == "update") {
      TRY(auto result, update(operation, told));
      results.push_back(std::move(result));
    } else if (op == "mutate") {  // next_cfg += 1
      ++cfg_;
      told["Open_vSwitch"][uuid_of(Of::root)].set("next_cfg", cfg_).set("cur_cfg", cfg_);
      results.push_back(Value::object().set("count", 1));
    } else if (op == "select") {
      results.push_back(Value::object().set("rows", list({Value::object().set("next_cfg", cfg_)})));
    } else {
      return beyond(op);
    }
  }
  auto tables = Value::object();
  for (auto& [table, rows] : told) {
    auto changed = Value::object();
    for (auto& [uuid, row] : rows) changed.append(uuid, Value::object().set("modify", std::move(row)));
    tables.append(table, std::move(changed));
  }
  auto update = Value::object();
  update.append("id", Value()).append("method", "update2").append("params", list({monitor_, std::move(tables)}));
  out += update.dump();
  return results;
}

Result<Value> SwitchDatabase::update(const Value& operation, Changes& told) {
  const auto& table = *operation.find("table")->as_string();
  const auto* const row = operation.find("row");
  TRY(const auto uuid, row_of(operation));
  const auto index = static_cast<std::size_t>(std::strtoull(uuid.substr(24).c_str(), nullptr, 10));
  auto modify = Value::object();
  for (const auto& [column, value] : *row->as_object()) {
    if (table == "Port" && column == "tag") ports_.at(index).tag = *value.as_int();
    else if (table == "Port" && column == "protected") ports_.at(index).is_protected = *value.as_bool();
    else if (table == "Interface" && column == "ofport_request") ports_.at(index).ofport_request = *value.as_int();
    else if (table == "Bridge" && column == "fail_mode") secure_ = true;
    else return beyond("column " + column);
    modify.append(column, value);
  }
  auto& both = told[table][uuid];
  for (const auto& [column, value] : *modify.as_object()) both.set(column, value);
  return Value::object().set("count", 1);
}

}  // namespace pratique::bench
