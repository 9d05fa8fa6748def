// The OVSDB end of a switch that is not there: a database with the schema of Open vSwitch, a bridge and its ports, and
// a switch behind it that carries out each change at once. What services/network/adapters/ovs asks for, and no more.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/message_reader.h"

namespace pratique::bench {

class SwitchDatabase {
 public:
  /// `schema` outlives it. Ports p1, p2, … have these numbers.
  SwitchDatabase(const json::Value& schema, int ports);

  /// A connection begins.
  void greet() { reader_ = ovsdb::MessageReader(); monitor_.clear(); }
  /// What came; returns what is to be said.
  Result<std::string> hear(ByteView bytes);

 private:
  struct Port {
    std::int64_t tag = 0;  // 0: none
    bool is_protected = false;
    std::int64_t ofport_request = 0;  // 0: none
  };
  using Changes = std::map<std::string, std::map<std::string, json::Value>>;  // table, row, what is new in it
  json::Value whole() const;
  Result<json::Value> transact(const std::vector<json::Value>& params, std::string& out);
  Result<json::Value> update(const json::Value& operation, Changes& told);

  const json::Value& schema_;
  std::vector<Port> ports_;
  bool secure_ = false;
  std::int64_t cfg_ = 1;
  ovsdb::MessageReader reader_;
  std::string monitor_;
};

}  // namespace pratique::bench
