#include "libs/protocol/ovsdb/open_vswitch_change.h"

#include "libs/codec/json/utf8.h"
#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

bool is_text(std::string_view text, std::size_t most) {
  return text.size() <= most && text.find('\0') == std::string_view::npos && json::utf8_valid(text);
}
bool is_name(std::string_view text) { return !text.empty() && is_text(text, kMaxName); }

Where by_name(std::string_view name) { return {{"name", Function::equal, std::string(name)}}; }

std::string_view to_string(Change::Table table) {
  switch (table) {
    case Change::Table::bridge: return "Bridge";
    case Change::Table::port: return "Port";
    case Change::Table::interface: return "Interface";
  }
  return "Port";
}

Datum optional_number(std::optional<std::uint16_t> value) { return value ? Datum(*value) : Datum(); }

}  // namespace

void Change::add(Operation operation, Expectation::Kind kind, std::string row) {
  if (accept(operations_.size() < 2 * kMaxChanges, "too many changes in one transaction")) {
    operations_.push_back(std::move(operation));
    expectations_.push_back({kind, std::move(row)});
  }
}

bool Change::accept(bool good, std::string_view what) {
  if (!good && !wrong_) wrong_ = invalid(reason::kChangeInvalid, what);
  return good;
}

void Change::change_row(std::string_view table, std::string_view name, Operation operation) {
  if (!accept(is_name(name), "a name that is empty, too long or not UTF-8")) return;
  const std::string row = std::string(table) + " '" + std::string(name) + "'";
  // 5.2.6 with no time to wait: the row with this name is there, or the transaction fails.
  add(Wait{.timeout = std::chrono::milliseconds(0),
           .table = std::string(table),
           .where = by_name(name),
           .columns = {"name"},
           .until_equal = true,
           .rows = {Row{{"name", std::string(name)}}}},
      Expectation::Kind::row_exists, row);
  add(std::move(operation), Expectation::Kind::counts_one, row);
}

Change& Change::set_port_tag(std::string_view port, std::optional<std::uint16_t> tag) {
  if (accept(!tag || (*tag >= kMinVlan && *tag <= kMaxVlan), "a VLAN is a number from 1 to 4094"))
    change_row("Port", port, Update{"Port", by_name(port), {{"tag", optional_number(tag)}}});
  return *this;
}

Change& Change::set_protected(std::string_view port, bool value) {
  change_row("Port", port, Update{"Port", by_name(port), {{"protected", value}}});
  return *this;
}

Change& Change::set_ofport_request(std::string_view interface, std::optional<std::uint16_t> ofport) {
  if (accept(!ofport || (*ofport >= 1 && *ofport <= kMaxOfport), "a port's number is from 1 to 65279"))
    change_row("Interface", interface,
               Update{"Interface", by_name(interface), {{"ofport_request", optional_number(ofport)}}});
  return *this;
}

Change& Change::set_fail_mode(std::string_view bridge, FailMode mode) {
  change_row("Bridge", bridge, Update{"Bridge", by_name(bridge), {{"fail_mode", std::string(ovsdb::to_string(mode))}}});
  return *this;
}

Change& Change::set_external_id(Table table, std::string_view name, std::string_view key, std::string_view value) {
  if (!accept(!key.empty() && is_text(key, kMaxExternalId) && is_text(value, kMaxExternalId),
              "an external id that is empty, too long or not UTF-8"))
    return *this;
  // `insert` leaves a key that is there as it is (5.1): out with it first.
  change_row(to_string(table), name,
             Mutate{std::string(to_string(table)),
                    by_name(name),
                    {{"external_ids", Mutator::remove, Datum(std::string(key))},
                     {"external_ids", Mutator::insert, Datum::map({{std::string(key), std::string(value)}})}}});
  return *this;
}

Change& Change::clear_external_id(Table table, std::string_view name, std::string_view key) {
  if (!accept(!key.empty() && is_text(key, kMaxExternalId), "an external id that is empty, too long or not UTF-8"))
    return *this;
  change_row(
      to_string(table), name,
      Mutate{
          std::string(to_string(table)), by_name(name), {{"external_ids", Mutator::remove, Datum(std::string(key))}}});
  return *this;
}

Change& Change::await_switch() {
  // Both without conditions: the table has one row.
  add(Mutate{"Open_vSwitch", {}, {{"next_cfg", Mutator::add, 1}}}, Expectation::Kind::counts_one, "Open_vSwitch");
  add(Select{"Open_vSwitch", {}, std::vector<std::string>{"next_cfg"}}, Expectation::Kind::gives_cfg, "Open_vSwitch");
  return *this;
}

Change& Change::comment(std::string_view text) {
  if (accept(is_text(text, kMaxExternalId), "a comment that is too long or not UTF-8"))
    add(Comment{std::string(text)}, Expectation::Kind::none);
  return *this;
}

Result<std::vector<Operation>> Change::operations() const {
  if (wrong_) return *wrong_;
  if (operations_.empty()) return invalid(reason::kChangeInvalid, "a change of nothing");
  return operations_;
}

Result<ChangeDone> Change::judge(const TransactResult& result) const {
  if (result.operations.size() != operations_.size())
    return internal(reason::kOtherTransaction, "the result of another transaction");
  if (result.error && result.failed && result.error->error == "timed out" &&
      expectations_[*result.failed].kind == Expectation::Kind::row_exists)
    return not_found(reason::kNoSuchRow, expectations_[*result.failed].row + ": is not there; nothing was changed");
  TRY_VOID(result.require_done());
  ChangeDone done;
  for (std::size_t i = 0; i < expectations_.size(); ++i) {
    const auto& expected = expectations_[i];
    if (expected.kind == Expectation::Kind::counts_one) {
      TRY_VOID(result.require_count(i, 1).with_context(expected.row));
    } else if (expected.kind == Expectation::Kind::gives_cfg) {
      TRY(const auto rows, result.rows(i));
      if (rows.size() != 1) return failed_precondition(reason::kCountUnexpected, "not one row in table Open_vSwitch");
      TRY(const auto cfg, rows.front().int_at("next_cfg").with_context("table 'Open_vSwitch'"));
      done.cfg = cfg;
    }
  }
  return done;
}

std::vector<Operation> await_cur_cfg(std::int64_t seen, std::chrono::milliseconds timeout) {
  return {Wait{.timeout = timeout,
               .table = "Open_vSwitch",
               .where = {},
               .columns = {"cur_cfg"},
               .until_equal = false,
               .rows = {Row{{"cur_cfg", seen}}}},
          Select{"Open_vSwitch", {}, std::vector<std::string>{"cur_cfg"}}};
}

Result<std::int64_t> read_cur_cfg(const TransactResult& result) {
  TRY(const auto rows, result.rows(1));
  if (rows.size() != 1) return failed_precondition(reason::kCountUnexpected, "not one row in table Open_vSwitch");
  return rows.front().int_at("cur_cfg").with_context("table 'Open_vSwitch'");
}

}  // namespace pratique::ovsdb
