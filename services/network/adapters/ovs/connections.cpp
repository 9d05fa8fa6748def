#include "services/network/adapters/ovs/connections.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

constexpr std::string_view kMonitor = "switch";
constexpr std::size_t kReadBuffer = 256 * 1024;

template <typename... F>
struct Cases : F... {
  using F::operator()...;
};

Error protocol(const Error& why) {
  return internal("SWITCH_PROTOCOL", "the switch speaks otherwise than its protocol")
      .with("cause", why.reason + ": " + why.message);
}

}  // namespace

Error switch_unreachable(std::string_view why) {
  return unavailable(kSwitchUnreachable.code, kSwitchUnreachable.meaning).with("cause", why);
}

Connections::Connections(const OvsConfig& config, net::ByteStream ovsdb, net::ByteStream openflow)
    : config_(config), ovsdb_pipe_{std::move(ovsdb)}, openflow_pipe_{std::move(openflow)} {}

Result<void> Connections::begin() {
  TRY_VOID(ovsdb_.get_schema(ovsdb::kDatabase));
  return {};
}

Result<void> Connections::tick(Clock::time_point now) {
  for (auto* const pipe : {&ovsdb_pipe_, &openflow_pipe_}) {
    const auto silent = now - pipe->heard_at;
    if (silent >= 2 * config_.silence && pipe->asked) return switch_unreachable("the switch is silent");
    if (silent >= config_.silence && !pipe->asked) {
      pipe->asked = true;
      if (pipe == &ovsdb_pipe_) {
        TRY_VOID(ovsdb_.echo());
      } else {
        TRY_VOID(openflow_.ask_echo());
      }
    }
  }
  if (now >= poll_at_) {
    poll_at_ = now + config_.poll;
    if (!polling_ && bundles.empty()) {
      TRY(polling_, openflow_.ask_tables());
    }
  }
  return {};
}

Connections::Clock::time_point Connections::due() const {
  return std::min({poll_at_, ovsdb_pipe_.heard_at + config_.silence * (ovsdb_pipe_.asked ? 2 : 1),
                   openflow_pipe_.heard_at + config_.silence * (openflow_pipe_.asked ? 2 : 1)});
}

void Connections::flush() {
  ovsdb_pipe_.add(as_bytes(ovsdb_.take_output()));
  openflow_pipe_.add(openflow_.take_output());
}

Result<Connections::Heard> Connections::exchange(const net::WakeUp& wake, Clock::time_point until) {
  Heard heard;
  std::array on{net::Interest{.stream = &ovsdb_pipe_.stream, .write = ovsdb_pipe_.has_output()},
                net::Interest{.stream = &openflow_pipe_.stream, .write = openflow_pipe_.has_output()}};
  const auto waited = net::wait_for(on, &wake, until);
  if (!waited) return switch_unreachable(waited.error().message);
  if (*waited == net::Waited::woken) wake.clear();
  const std::array ends{std::pair{&ovsdb_pipe_, &heard.ovsdb}, std::pair{&openflow_pipe_, &heard.openflow}};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto& [pipe, bytes] = ends[i];
    if (on[i].writable)
      if (const auto written = pipe->write(); !written) return switch_unreachable(written.error().message);
    if (!on[i].readable) continue;
    bytes->resize(kReadBuffer);
    const auto count = pipe->stream.read_some(*bytes);
    if (!count) return switch_unreachable(count.error().message);
    bytes->resize(*count);
    pipe->heard_at = Clock::now();
    pipe->asked = false;
  }
  return heard;
}

Result<void> Connections::hear(const Heard& heard, const Names& quiet, std::vector<PortEvent>& events) {
  if (!heard.ovsdb.empty()) {
    const auto alive = ovsdb_.receive(heard.ovsdb);
    for (auto& event : ovsdb_.take_events()) TRY_VOID(hear_ovsdb(std::move(event), events));
    if (!alive) return protocol(alive.error());
  }
  if (!heard.openflow.empty()) {
    std::vector<openflow::Event> said;
    const auto alive = openflow_.receive(heard.openflow, said);
    for (auto& event : said) TRY_VOID(hear_openflow(std::move(event), quiet, events));
    if (!alive) return protocol(alive.error());
  }
  return {};
}

Result<void> Connections::hear_ovsdb(ovsdb::Event event, std::vector<PortEvent>& events) {
  const auto follow = [&](const std::vector<ovsdb::RowChange>& changes, ovsdb::MonitorVersion version) -> Result<void> {
    if (auto applied = picture_->apply(changes, version, events); !applied) return protocol(applied.error());
    return {};
  };
  return std::visit(
      Cases{[&](ovsdb::SchemaGiven& given) -> Result<void> {
              auto requests = Picture::requests(given.schema);
              if (!requests) return protocol(requests.error());
              TRY_VOID(ovsdb_.monitor(ovsdb::kDatabase, kMonitor, *requests, ovsdb::MonitorVersion::v2));
              picture_.emplace(std::move(given.schema), *std::move(requests), config_.bridge);
              return {};
            },
            [&](ovsdb::Monitoring& monitoring) -> Result<void> {
              TRY_VOID(follow(monitoring.changes, monitoring.version));
              monitored_ = true;
              events.clear();
              return {};
            },
            [&](ovsdb::Updated& updated) -> Result<void> { return follow(updated.changes, updated.version); },
            [&](ovsdb::Transacted& done) -> Result<void> {
              if (const auto waits = transactions.find(done.request); waits != transactions.end())
                waits->second = std::move(done.result);
              return {};
            },
            [&](ovsdb::Refused& refused) -> Result<void> {
              const auto why = ovsdb::to_error(refused.error, kSwitchRefused.code, "the request");
              if (const auto waits = transactions.find(refused.request); waits != transactions.end()) {
                waits->second = why;
                return {};
              }
              return protocol(why);
            },
            [](auto&) -> Result<void> { return {}; }},
      event);
}

Result<void> Connections::hear_openflow(openflow::Event event, const Names& quiet, std::vector<PortEvent>& events) {
  return std::visit(
      Cases{[&](openflow::Connected&) -> Result<void> {
              // Else a management socket tells nothing of flows that others remove.
              TRY_VOID(openflow_.hear_events());
              TRY(polling_, openflow_.ask_tables());
              return {};
            },
            [&](openflow::FlowsRead& read) -> Result<void> {
              const auto waits = readings.find(read.xid);
              if (waits == readings.end()) return {};
              std::vector<openflow::Flow> flows;
              flows.reserve(read.flows.size());
              for (auto& each : read.flows) flows.push_back(std::move(each.flow));
              waits->second = std::move(flows);
              return {};
            },
            [&](openflow::BundleOver& over) -> Result<void> {
              end_bundle(over.id, over.outcome.committed);
              if (const auto waits = bundles.find(over.id); waits != bundles.end())
                waits->second = std::move(over.outcome);
              return {};
            },
            [&](openflow::Refused& refused) -> Result<void> {
              if (const auto waits = readings.find(refused.xid); waits != readings.end())
                waits->second = failed_precondition(kSwitchRefused.code, refused.error.text());
              if (polling_ == refused.xid) polling_.reset();
              return {};
            },
            [&](openflow::TablesRead& read) -> Result<void> {
              polling_.reset();
              if (std::exchange(counted_, true) && (!bundles.empty() || !quiet.empty())) return {};
              if (!differs(read)) {
                doubted_ = false;
              } else if (!std::exchange(doubted_, true)) {
                poll_at_ = std::min(poll_at_, Clock::now() + kDoubt);
                return {};
              } else {
                doubted_ = false;
                events.push_back({.kind = PortEvent::Kind::changed});
              }
              take_count(read);
              return {};
            },
            [&](openflow::FlowRemoved& removed) -> Result<void> {
              const auto own = own_removals_.find({removed.table, removed.priority, removed.match});
              if (own != own_removals_.end()) {
                own_removals_.erase(own);
                return {};
              }
              const auto number = removed.match.exact_number(openflow::Field::in_port);
              const auto* const port = number && picture_ ? picture_->find_number(static_cast<std::uint32_t>(*number))
                                                          : nullptr;
              const std::string name = port != nullptr ? port->name : "";
              if (quiet.contains(name)) return {};
              if (removed.table < expected_flows_.size() && expected_flows_[removed.table] &&
                  *expected_flows_[removed.table] > 0)
                --*expected_flows_[removed.table];
              events.push_back({.kind = PortEvent::Kind::changed, .port = name});
              return {};
            },
            [](auto&) -> Result<void> { return {}; }},
      event);
}

bool Connections::differs(const openflow::TablesRead& read) const {
  return std::ranges::any_of(read.tables, [&](const auto& table) {
    return table.table < expected_flows_.size() && expected_flows_[table.table].value_or(table.flows) != table.flows;
  });
}

void Connections::take_count(const openflow::TablesRead& read) {
  for (const auto& table : read.tables)
    if (table.table < expected_flows_.size()) expected_flows_[table.table] = table.flows;
}

Result<ovsdb::RequestId> Connections::transact(const std::vector<ovsdb::Operation>& operations) {
  return ovsdb_.transact(ovsdb::kDatabase, operations);
}
Result<openflow::Xid> Connections::ask_flows(const openflow::FlowQuery& query) { return openflow_.ask_flows(query); }
Result<std::uint32_t> Connections::start_bundle(std::span<const openflow::FlowMod> mods) {
  TRY(const auto id, openflow_.start_bundle(mods));
  auto& removals = removals_of_bundle_[id];
  for (const auto& mod : mods) {
    if (mod.command != openflow::FlowCommand::remove_strict || !mod.flow.send_removed) continue;
    own_removals_.insert(removals.emplace_back(mod.flow.table, mod.flow.priority, mod.flow.match));
  }
  return id;
}

void Connections::end_bundle(std::uint32_t id, bool committed) {
  const auto removals = removals_of_bundle_.extract(id);
  if (!removals || committed) return;
  for (const auto& flow : removals.mapped())
    if (const auto at = own_removals_.find(flow); at != own_removals_.end()) own_removals_.erase(at);
}

void Connections::give_up(const Error& why) {
  const auto tell = [&](auto& answers) {
    for (auto& [id, answer] : answers)
      if (!answer) answer = why;
  };
  tell(transactions);
  tell(readings);
  tell(bundles);
}

void Connections::expect(std::span<const openflow::FlowMod> mods) {
  for (const auto& mod : mods) {
    if (mod.flow.table >= expected_flows_.size() || !expected_flows_[mod.flow.table]) continue;
    auto& count = *expected_flows_[mod.flow.table];
    if (mod.command == openflow::FlowCommand::add) ++count;
    else if (count > 0) --count;
  }
}

}  // namespace pratique::network
