// Transactions for a controller, each all or nothing (RFC 7047 section 5.2, ovs-vswitchd.conf.db(5)).
//
//   Change change;
//   change.comment("device 00-D0-E5-F2-00-02 to segment 42");
//   change.set_port_tag("p1", 42).set_protected("p1", true).await_switch();
//   TRY(auto operations, change.operations());
//   session.transact(kDatabase, operations)   -> Transacted
//   TRY(const auto done, change.judge(result));
//   …and when a later Switch says applied(*done.cfg), ovs-vswitchd has done it.
//
// For OVSDB a change that meets no row is a success, and the rest of its transaction is committed. Here each change
// stands behind a `wait` of no length for its row, so that an unknown port undoes all: NOT_FOUND OVSDB_NO_SUCH_ROW with
// its name.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/ovsdb/open_vswitch.h"
#include "libs/protocol/ovsdb/operation.h"
#include "libs/protocol/ovsdb/transact_result.h"

namespace pratique::ovsdb {

inline constexpr std::size_t kMaxName = 255;         // bytes of a port's, an interface's or a bridge's name
inline constexpr std::size_t kMaxChanges = 4096;     // in one transaction
inline constexpr std::size_t kMaxExternalId = 4096;  // bytes of a key or a value

struct ChangeDone {
  std::optional<std::int64_t> cfg;  // of await_switch()
};

class Change {
 public:
  /// Untagged frames of the port belong to this VLAN; none: the column is emptied.
  Change& set_port_tag(std::string_view port, std::optional<std::uint16_t> tag);
  Change& set_protected(std::string_view port, bool value);
  /// Without it numbers change under the flows when ports come and go. None: any number.
  Change& set_ofport_request(std::string_view interface, std::optional<std::uint16_t> ofport);
  Change& set_fail_mode(std::string_view bridge, FailMode mode);
  enum class Table { bridge, port, interface };
  /// Sets one key and leaves the others.
  Change& set_external_id(Table table, std::string_view name, std::string_view key, std::string_view value);
  Change& clear_external_id(Table table, std::string_view name, std::string_view key);
  /// Raises next_cfg and reads it back.
  Change& await_switch();
  /// Stands in ovsdb-server's log.
  Change& comment(std::string_view text);

  /// The first thing that was wrong with what was asked: INVALID_ARGUMENT OVSDB_CHANGE_INVALID.
  Result<std::vector<Operation>> operations() const;
  /// Reads the answer to exactly these operations. NOT_FOUND OVSDB_NO_SUCH_ROW, or require_done()'s error.
  Result<ChangeDone> judge(const TransactResult& result) const;

 private:
  struct Expectation {
    enum class Kind { none, row_exists, counts_one, gives_cfg } kind = Kind::none;
    std::string row = {};  // "Port 'p1'"
  };

  void add(Operation operation, Expectation::Kind kind, std::string row = {});
  void change_row(std::string_view table, std::string_view name, Operation operation);
  bool accept(bool good, std::string_view what);

  std::vector<Operation> operations_;
  std::vector<Expectation> expectations_;
  std::optional<Error> wrong_;
};

/// For who does not monitor: holds until cur_cfg is no longer `seen`, then reads it. Ask again until it is high enough.
/// "timed out" (ABORTED) where ovs-vswitchd does nothing for so long.
std::vector<Operation> await_cur_cfg(std::int64_t seen, std::chrono::milliseconds timeout);
/// cur_cfg from the answer.
Result<std::int64_t> read_cur_cfg(const TransactResult& result);

}  // namespace pratique::ovsdb
