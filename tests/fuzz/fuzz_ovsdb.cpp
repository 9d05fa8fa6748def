// OVSDB: what a server may send, as a stream to a session that has asked for everything, and as each kind of content by
// itself.
#include "libs/codec/json/parse.h"
#include "libs/protocol/ovsdb/image.h"
#include "libs/protocol/ovsdb/open_vswitch.h"
#include "libs/protocol/ovsdb/open_vswitch_change.h"
#include "libs/protocol/ovsdb/session.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

using namespace ovsdb;

/// The columns that a switch is read from, as the real schema has them.
const Schema& schema() {
  static const Schema kSchema = [] {
    const ColumnType text{}, number{.key = AtomKind::integer}, flag{.key = AtomKind::boolean};
    const ColumnType maybe_text{.may_be_empty = true}, maybe_number{.key = AtomKind::integer, .may_be_empty = true};
    const ColumnType references{.key = AtomKind::uuid, .may_be_empty = true, .max = {}};
    const ColumnType ids{.value = AtomKind::string, .may_be_empty = true, .max = {}};
    Schema out{.name = std::string(kDatabase), .version = "8.3.1", .tables = {}};
    out.tables["Open_vSwitch"] = {
        {"next_cfg", number}, {"cur_cfg", number}, {"ovs_version", maybe_text}, {"external_ids", ids}};
    out.tables["Bridge"] = {{"name", text},
                            {"fail_mode", maybe_text},
                            {"datapath_id", maybe_text},
                            {"ports", references},
                            {"external_ids", ids}};
    out.tables["Port"] = {
        {"name", text}, {"tag", maybe_number}, {"protected", flag}, {"interfaces", references}, {"external_ids", ids}};
    out.tables["Interface"] = {{"name", text},           {"link_state", maybe_text},       {"mac_in_use", maybe_text},
                               {"ofport", maybe_number}, {"ofport_request", maybe_number}, {"error", maybe_text},
                               {"external_ids", ids}};
    return out;
  }();
  return kSchema;
}

const Change& change() {
  static const Change kChange = [] {
    Change out;
    out.set_port_tag("p1", 42).await_switch();
    return out;
  }();
  return kChange;
}

void value(const json::Value& json) {
  if (const auto datum = parse_datum(json)) {
    const auto again = encode_datum(*datum);
    require(again && parse_datum(*again).value_or({}) == *datum, "a value that was read can be written and read");
    require(!datum->empty() || encode_datum(*datum)->as_array() != nullptr, "what is empty is a set or a map");
    for (const auto& key : datum->keys()) require(datum->contains(key), "a member is found");
  }
  if (const auto row = parse_row(json)) {
    const auto again = encode_row(*row);
    require(again && parse_row(*again).value_or({}) == *row, "a row that was read can be written and read");
    for (const auto& [column, datum] : row->columns()) {
      require(row->optional_string(column).has_value() || !row->string_at(column).has_value(), "one is at most one");
      require(row->ints_at(column).has_value() || !row->optional_int(column).has_value(), "at most one is some");
      require(row->real_at(column).has_value() || !row->int_at(column).has_value(), "an integer is a real");
    }
  }
  if (const auto read = parse_schema(json))
    for (const auto& [table, columns] : read->tables)
      for (const auto& [column, type] : columns)
        require(type.admits(type.default_value()), "a column can hold its default");
  if (const auto error = parse_error_object(json))
    require(error->error.size() <= kMaxErrorText && error->details.size() <= kMaxErrorDetails,
            "the limits of an error");
}

void follow(Image& image, const std::vector<RowChange>& changes, MonitorVersion version) {
  for (const auto& one : changes) {
    const auto before = image.size();
    const auto* row = image.find(one.table, one.uuid);
    const auto was = row == nullptr ? std::optional<Row>() : *row;
    if (!image.apply(one, version)) {
      const auto* now = image.find(one.table, one.uuid);
      require((now == nullptr) == !was && (!was || *now == *was), "a change that is refused changes nothing");
      require(image.size() == before, "a change that is refused adds no row");
      return;
    }
    if (const auto* now = image.find(one.table, one.uuid)) {
      const auto* columns = schema().find_table(one.table);
      for (const auto& [column, type] : *columns) {
        require(now->find(column) != nullptr, "a row has every column");
        require(type.admits(*now->find(column)), "a row holds what it can hold");
      }
    }
  }
  if (const auto now = read_switch(image))
    for (const auto& port : now->ports) {
      require(now->port_named(port.name) != nullptr, "a port is found by its name");
      require(!port.tag || *port.tag <= 4095, "a tag is a VLAN's");
      (void)now->bridge_of(port);
      (void)now->interface_of(port);
    }
}

void transaction(const TransactResult& result) {
  require(result.committed() == result.require_done().has_value(), "committed or not done");
  require(!result.failed || (*result.failed < result.operations.size() && result.error), "an error has its operation");
  bool behind = false;
  for (std::size_t i = 0; i < result.operations.size(); ++i) {
    behind = behind || result.failed == i;
    require(result.operations[i].executed == !behind, "nothing is executed behind an error");
    if (const auto& count = result.operations[i].count)
      require(result.require_count(i, *count).has_value() == result.committed(), "a count is the one it is");
  }
  const auto done = change().judge(result);
  require(!done || result.committed(), "nothing is done that was not committed");
}

/// What came of a stream, as text.
struct Heard {
  std::string events;
  std::string output;
  std::string end;
  std::size_t pending = 0;
  bool operator==(const Heard&) const = default;
};

/// A session that has asked for everything.
const Session& asked() {
  static const Session kAsked = [] {
    Session session({.message = {.max_bytes = 1 << 16, .max_values = 1 << 12}, .max_echo = 512});
    const auto sent = [](const Result<RequestId>& id) { require(id.has_value(), "a good request is sent"); };
    sent(session.list_dbs());
    sent(session.get_schema(kDatabase));
    sent(session.transact(kDatabase, *change().operations()));
    sent(session.monitor(kDatabase, "m", watched(), MonitorVersion::v1));
    sent(session.monitor(kDatabase, "n", watched(), MonitorVersion::v2));
    sent(session.echo());
    sent(session.lock("l"));
    (void)session.take_output();
    return session;
  }();
  return kAsked;
}

Heard hear(std::span<const ByteView> pieces) {
  auto session = asked();
  const std::size_t most = session.pending();

  Heard out;
  static const Image kNothing(schema(), watched());
  auto one = kNothing, two = kNothing;
  std::size_t answers = 0;
  for (const auto piece : pieces) {
    const auto heard = session.receive(piece);
    for (const auto& event : session.take_events()) {
      out.events += std::to_string(event.index()) + " ";
      if (const auto* done = std::get_if<Transacted>(&event)) transaction(done->result);
      const auto* initial = std::get_if<Monitoring>(&event);
      const auto* update = std::get_if<Updated>(&event);
      if (initial != nullptr || update != nullptr) {
        const auto version = initial != nullptr ? initial->version : update->version;
        follow(version == MonitorVersion::v1 ? one : two, initial != nullptr ? initial->changes : update->changes,
               version);
      }
      if (update == nullptr && !std::holds_alternative<LockGained>(event) && !std::holds_alternative<LockStolen>(event))
        ++answers;
    }
    out.output += session.take_output();
    require(heard.has_value() == !session.broken(), "a session that is broken says so");
    if (!heard) out.end = heard.error().reason + ": " + heard.error().message;
  }
  out.pending = session.pending();
  require(answers + out.pending <= most, "no request has two answers");
  require(session.broken().has_value() == !session.echo().has_value(), "a broken session asks nothing");
  return out;
}

}  // namespace

void fuzz_ovsdb(ByteView input) {
  const auto whole = hear(std::span(&input, 1));
  std::vector<ByteView> pieces;
  for (std::size_t at = 0, size = 1; at < input.size(); at += size, size = size % 7 + 1)
    pieces.push_back(input.subspan(at, std::min(size, input.size() - at)));
  require(hear(pieces) == whole, "where a stream is cut makes no difference");

  const auto json = json::parse(input);
  if (!json) return;
  value(*json);
  for (const auto version : {MonitorVersion::v1, MonitorVersion::v2})
    for (const auto source : {UpdateSource::answer, UpdateSource::notification})
      if (const auto changes = parse_table_updates(*json, version, source)) {
        Image image(schema(), watched());
        follow(image, *changes, version);
        for (const auto& one : *changes)
          require((one.kind == ChangeKind::initial) == (source == UpdateSource::answer), "initial rows come once");
      }
  static const auto kExpected = [] {
    std::vector<ExpectedResult> out;
    const auto operations = change().operations();
    for (const auto& operation : *operations) out.push_back(expect(operation));
    return out;
  }();
  if (const auto result = parse_transact_result(*json, kExpected)) transaction(*result);
}

}  // namespace pratique::fuzz
