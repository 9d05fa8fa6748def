#include "services/network/adapters/ovs/link.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "services/network/adapters/ovs/rules.h"
#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

constexpr std::string_view kMonitor = "switch";
constexpr std::size_t kReadBuffer = 256 * 1024;

template <typename... F>
struct Cases : F... {
  using F::operator()...;
};

Error unreachable(std::string_view why) {
  return unavailable(kSwitchUnreachable.code, kSwitchUnreachable.meaning).with("cause", why);
}
Error too_late(std::string_view what) {
  return {ErrorCode::deadline_exceeded, "SWITCH_TIMEOUT", "the switch did not answer in time: " + std::string(what)};
}
Error protocol(const Error& why) {
  return internal("SWITCH_PROTOCOL", "the switch speaks otherwise than its protocol")
      .with("cause", why.reason + ": " + why.message);
}

/// One connection, and bytes that wait to go out on it.
struct Pipe {
  net::ByteStream stream;
  Bytes output = {};
  std::size_t sent = 0;
  std::chrono::steady_clock::time_point heard_at = std::chrono::steady_clock::now();
  bool asked = false;  // an echo waits for its answer

  void add(ByteView bytes) {
    if (sent == output.size()) {
      output.clear();
      sent = 0;
    }
    output.insert(output.end(), bytes.begin(), bytes.end());
  }
  bool has_output() const { return sent < output.size(); }
  Result<void> write() {
    while (has_output()) {
      TRY(const auto count, stream.write_some(ByteView(output).subspan(sent)));
      if (count == 0) break;
      sent += count;
    }
    return {};
  }
};

}  // namespace

/// What lives as long as one pair of connections. The pipes are the thread's; the rest is under the lock.
struct SwitchLink::Ends {
  Pipe ovsdb_pipe, openflow_pipe;
  ovsdb::Session ovsdb = ovsdb::Session();
  openflow::Session openflow = openflow::Session();
  std::optional<ovsdb::MonitorRequests> requests = {};
  std::optional<ovsdb::Schema> schema = {};
  std::optional<Picture> picture = {};
  bool monitored = false;
  bool counted = false;  // how many flows there are, so that a foreign one is noticed from now on
  std::optional<openflow::Xid> polling = {};
  std::chrono::steady_clock::time_point poll_at = std::chrono::steady_clock::now();

  bool up() const { return monitored && counted; }
};

SwitchLink::SwitchLink(OvsConfig config, net::WakeUp wake)
    : config_(std::move(config)), wake_(std::move(wake)), thread_([this] { run(); }) {}

SwitchLink::~SwitchLink() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.wake();
  thread_.join();
}

void SwitchLink::watch(SwitchAdapter::Listener listener) {
  {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
    announced_ = false;
  }
  wake_.wake();
}

SwitchLink::Quiet::Quiet(SwitchLink& link, std::set<std::string, std::less<>> ports) : link_(link) {
  const std::lock_guard lock(link_.mutex_);
  link_.quiet_ = std::move(ports);
}
SwitchLink::Quiet::~Quiet() {
  const std::lock_guard lock(link_.mutex_);
  link_.quiet_.clear();
}

void SwitchLink::expect(std::span<const openflow::FlowMod> mods) {
  const std::lock_guard lock(mutex_);
  for (const auto& mod : mods) {
    if (mod.flow.table >= expected_flows_.size() || !expected_flows_[mod.flow.table]) continue;
    auto& count = *expected_flows_[mod.flow.table];
    if (mod.command == openflow::FlowCommand::add) ++count;
    else if (count > 0) --count;
  }
}

void SwitchLink::run() {
  auto pause = config_.first_pause;
  for (;;) {
    auto ends = connect_both();
    if (ends) {
      pause = config_.first_pause;
      auto ended = serve(**ends);
      go_down(ended ? unreachable("an answer was given up") : ended.error());
    } else {
      go_down(ends.error());
    }
    const auto until = Clock::now() + pause;
    pause = std::min(pause * 2, config_.longest_pause);
    for (;;) {
      wake_.clear();
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
      }
      const auto waited = net::wait_for({}, &wake_, until);
      if (!waited || *waited == net::Waited::deadline) break;
    }
  }
}

void SwitchLink::go_down(const Error& why) {
  const std::lock_guard lock(mutex_);
  state_ = State::failed;
  why_failed_ = why;
  ends_ = nullptr;
  hurry_ = false;
  ++epoch_;
  for (auto& each : transactions_) each.second = unreachable("the connection was lost");
  for (auto& each : readings_) each.second = unreachable("the connection was lost");
  for (auto& each : bundles_) each.second = unreachable("the connection was lost");
  news_.notify_all();
}

Result<std::unique_ptr<SwitchLink::Ends>> SwitchLink::connect_both() {
  const auto deadline = Clock::now() + config_.connect_timeout;
  const auto connect = [&](const std::string& address) -> Result<net::ByteStream> {
    for (;;) {
      auto stream = net::ByteStream::connect(address, deadline, &wake_);
      if (stream) return stream;
      if (stream.error().code != ErrorCode::cancelled) return unreachable(stream.error().message);
      wake_.clear();
      const std::lock_guard lock(mutex_);
      if (stopping_) return unreachable("we are stopping");
    }
  };
  TRY(auto database, connect(config_.ovsdb));
  TRY(auto table, connect(config_.openflow));
  auto ends = std::make_unique<Ends>(Pipe{std::move(database)}, Pipe{std::move(table)});
  {
    const std::lock_guard lock(mutex_);
    expected_flows_ = {};
    TRY_VOID(ends->ovsdb.get_schema(ovsdb::kDatabase));
  }
  while (!ends->up()) {
    TRY_VOID(move_bytes(*ends, deadline));
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return unreachable("we are stopping");
    }
    if (Clock::now() >= deadline) return unreachable("the switch is silent");
  }
  if (!ends->picture->has_bridge()) return unreachable("the switch has no bridge '" + config_.bridge + "'");
  {
    const std::lock_guard lock(mutex_);
    state_ = State::up;
    ends_ = ends.get();
    announced_ = false;
    ++epoch_;
    news_.notify_all();
  }
  return ends;
}

Result<void> SwitchLink::serve(Ends& ends) {
  for (;;) {
    bool announce = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || hurry_) return {};
      announce = listener_ && !std::exchange(announced_, true);
    }
    if (announce) tell({{.kind = PortEvent::Kind::all_lost}});
    TRY_VOID(tick(ends));
    const auto look_again =
        std::min({ends.poll_at, ends.ovsdb_pipe.heard_at + config_.silence * (ends.ovsdb_pipe.asked ? 2 : 1),
                  ends.openflow_pipe.heard_at + config_.silence * (ends.openflow_pipe.asked ? 2 : 1)});
    TRY_VOID(move_bytes(ends, look_again));
  }
}

/// What is due by the clock: is everybody alive, how many flows are there.
Result<void> SwitchLink::tick(Ends& ends) {
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  for (auto* const pipe : {&ends.ovsdb_pipe, &ends.openflow_pipe}) {
    const auto silent = now - pipe->heard_at;
    if (silent >= 2 * config_.silence && pipe->asked) return unreachable("the switch is silent");
    if (silent >= config_.silence && !pipe->asked) {
      pipe->asked = true;
      if (pipe == &ends.ovsdb_pipe) {
        TRY_VOID(ends.ovsdb.echo());
      } else {
        TRY_VOID(ends.openflow.ask_echo());
      }
    }
  }
  if (now >= ends.poll_at) {
    ends.poll_at = now + config_.poll;
    if (!ends.polling && bundles_.empty()) {
      TRY(ends.polling, ends.openflow.ask_tables());
    }
  }
  return {};
}

/// Writes and reads what there is, waiting at most until `until`.
Result<void> SwitchLink::move_bytes(Ends& ends, Clock::time_point until) {
  {
    const std::lock_guard lock(mutex_);
    ends.ovsdb_pipe.add(as_bytes(ends.ovsdb.take_output()));
    ends.openflow_pipe.add(ends.openflow.take_output());
  }
  std::array on{net::Interest{.stream = &ends.ovsdb_pipe.stream, .write = ends.ovsdb_pipe.has_output()},
                net::Interest{.stream = &ends.openflow_pipe.stream, .write = ends.openflow_pipe.has_output()}};
  const auto waited = net::wait_for(on, &wake_, until);
  if (!waited) return unreachable(waited.error().message);
  if (*waited == net::Waited::woken) wake_.clear();
  std::array<Bytes, 2> heard;
  const std::array pipes{&ends.ovsdb_pipe, &ends.openflow_pipe};
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (on[i].writable)
      if (const auto written = pipes[i]->write(); !written) return unreachable(written.error().message);
    if (!on[i].readable) continue;
    heard[i].resize(kReadBuffer);
    const auto count = pipes[i]->stream.read_some(heard[i]);
    if (!count) return unreachable(count.error().message);
    heard[i].resize(*count);
    pipes[i]->heard_at = Clock::now();
    pipes[i]->asked = false;
  }
  if (heard[0].empty() && heard[1].empty()) return {};

  std::vector<PortEvent> events;
  const auto hear = [&]() -> Result<void> {
    const std::lock_guard lock(mutex_);
    if (!heard[0].empty()) {
      const auto alive = ends.ovsdb.receive(heard[0]);
      for (auto& event : ends.ovsdb.take_events()) TRY_VOID(hear_ovsdb(ends, std::move(event), events));
      if (!alive) return protocol(alive.error());
    }
    if (!heard[1].empty()) {
      std::vector<openflow::Event> said;
      const auto alive = ends.openflow.receive(heard[1], said);
      for (auto& event : said) TRY_VOID(hear_openflow(ends, std::move(event), events));
      if (!alive) return protocol(alive.error());
    }
    std::erase_if(events, [&](const PortEvent& event) {
      return event.kind == PortEvent::Kind::changed && quiet_.contains(event.port);
    });
    if (!announced_) events.clear();  // all_lost is to come, and says it all
    news_.notify_all();
    return {};
  };
  auto done = hear();
  tell(std::move(events));
  return done;
}

Result<void> SwitchLink::hear_ovsdb(Ends& ends, ovsdb::Event event, std::vector<PortEvent>& events) {
  const auto follow = [&](const std::vector<ovsdb::RowChange>& changes, ovsdb::MonitorVersion version) -> Result<void> {
    if (auto applied = ends.picture->apply(changes, version, events); !applied) return protocol(applied.error());
    return {};
  };
  return std::visit(
      Cases{[&](ovsdb::SchemaGiven& given) -> Result<void> {
              auto requests = Picture::requests(given.schema);
              if (!requests) return protocol(requests.error());
              TRY_VOID(ends.ovsdb.monitor(ovsdb::kDatabase, kMonitor, *requests, ovsdb::MonitorVersion::v2));
              ends.picture.emplace(std::move(given.schema), *std::move(requests), config_.bridge);
              return {};
            },
            [&](ovsdb::Monitoring& monitoring) -> Result<void> {
              TRY_VOID(follow(monitoring.changes, monitoring.version));
              ends.monitored = true;
              events.clear();
              return {};
            },
            [&](ovsdb::Updated& updated) -> Result<void> { return follow(updated.changes, updated.version); },
            [&](ovsdb::Transacted& done) -> Result<void> {
              if (const auto waits = transactions_.find({epoch_, done.request}); waits != transactions_.end())
                waits->second = std::move(done.result);
              return {};
            },
            [&](ovsdb::Refused& refused) -> Result<void> {
              const auto why = ovsdb::to_error(refused.error, kSwitchRefused.code, "the request");
              if (const auto waits = transactions_.find({epoch_, refused.request}); waits != transactions_.end()) {
                waits->second = why;
                return {};
              }
              return protocol(why);
            },
            [](auto&) -> Result<void> { return {}; }},
      event);
}

Result<void> SwitchLink::hear_openflow(Ends& ends, openflow::Event event, std::vector<PortEvent>& events) {
  return std::visit(Cases{[&](openflow::Connected&) -> Result<void> {
                            // Else a management socket tells nothing of flows that others remove.
                            TRY_VOID(ends.openflow.hear_events());
                            TRY(ends.polling, ends.openflow.ask_tables());
                            return {};
                          },
                          [&](openflow::FlowsRead& read) -> Result<void> {
                            const auto waits = readings_.find({epoch_, read.xid});
                            if (waits == readings_.end()) return {};
                            std::vector<openflow::Flow> flows;
                            flows.reserve(read.flows.size());
                            for (auto& each : read.flows) flows.push_back(std::move(each.flow));
                            waits->second = std::move(flows);
                            return {};
                          },
                          [&](openflow::BundleOver& over) -> Result<void> {
                            if (const auto waits = bundles_.find({epoch_, over.id}); waits != bundles_.end())
                              waits->second = std::move(over.outcome);
                            return {};
                          },
                          [&](openflow::Refused& refused) -> Result<void> {
                            const auto why = failed_precondition(kSwitchRefused.code, refused.error.text());
                            if (const auto waits = readings_.find({epoch_, refused.xid}); waits != readings_.end())
                              waits->second = why;
                            if (ends.polling == refused.xid) ends.polling.reset();
                            return {};
                          },
                          [&](openflow::TablesRead& read) -> Result<void> {
                            ends.polling.reset();
                            if (std::exchange(ends.counted, true) && (!bundles_.empty() || !quiet_.empty())) return {};
                            bool other = false;
                            for (const auto& table : read.tables) {
                              if (table.table >= expected_flows_.size()) continue;
                              auto& expected = expected_flows_[table.table];
                              other = other || (expected && *expected != table.flows);
                              expected = table.flows;
                            }
                            if (other) events.push_back({.kind = PortEvent::Kind::changed});
                            return {};
                          },
                          [&](openflow::FlowRemoved& removed) -> Result<void> {
                            const auto number = removed.match.exact_number(openflow::Field::in_port);
                            const auto* const port =
                                number ? ends.picture->find_number(static_cast<std::uint32_t>(*number)) : nullptr;
                            const std::string name = port != nullptr ? port->name : "";
                            if (quiet_.contains(name)) return {};
                            if (removed.table < expected_flows_.size() && expected_flows_[removed.table] &&
                                *expected_flows_[removed.table] > 0)
                              --*expected_flows_[removed.table];
                            events.push_back({.kind = PortEvent::Kind::changed, .port = name});
                            return {};
                          },
                          [](auto&) -> Result<void> { return {}; }},
                    event);
}

void SwitchLink::tell(std::vector<PortEvent> events) {
  if (events.empty()) return;
  SwitchAdapter::Listener listener;
  {
    const std::lock_guard lock(mutex_);
    listener = listener_;
  }
  if (!listener) return;
  for (const auto& event : events) listener(event);
}

// ---- questions of other threads

Result<SwitchLink::Ends*> SwitchLink::ends_up(std::unique_lock<std::mutex>& lock, Deadline deadline) {
  const bool known = news_.wait_until(lock, deadline, [&] { return state_ != State::connecting; });
  if (!known) return too_late("connecting");
  if (state_ == State::up) return ends_;
  if (why_failed_.reason == kSwitchUnreachable.code || why_failed_.reason == "SWITCH_PROTOCOL") return why_failed_;
  return unreachable(why_failed_.reason + ": " + why_failed_.message);
}

template <typename Id, typename Answer>
Result<Answer> SwitchLink::await_answer(std::unique_lock<std::mutex>& lock, Answers<Id, Answer>& answers, Id id,
                                        Deadline deadline) {
  const auto place = answers.try_emplace({epoch_, id}).first;
  wake_.wake();
  const bool answered = news_.wait_until(lock, deadline, [&] { return place->second.has_value(); });
  auto answer = std::move(place->second);
  answers.erase(place);
  if (!answered) return too_late("a question");
  return *std::move(answer);
}

Result<void> SwitchLink::with_picture(const std::function<Result<void>(const Picture&)>& read, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(const auto* const ends, ends_up(lock, deadline));
  return read(*ends->picture);
}

Result<ovsdb::TransactResult> SwitchLink::transact(const std::vector<ovsdb::Operation>& operations, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(auto* const ends, ends_up(lock, deadline));
  TRY(const auto id, ends->ovsdb.transact(ovsdb::kDatabase, operations));
  return await_answer(lock, transactions_, id, deadline);
}

Result<void> SwitchLink::await_applied(std::int64_t cfg, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY_VOID(ends_up(lock, deadline));
  const auto epoch = epoch_;
  const bool known =
      news_.wait_until(lock, deadline, [&] { return epoch_ != epoch || ends_->picture->cur_cfg() >= cfg; });
  if (!known) return too_late("carrying out a change of its ports");
  if (epoch_ != epoch) return unreachable("the connection was lost");
  return {};
}

Result<std::vector<openflow::Flow>> SwitchLink::flows(const openflow::FlowQuery& query, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(auto* const ends, ends_up(lock, deadline));
  TRY(const auto xid, ends->openflow.ask_flows(query));
  return await_answer(lock, readings_, xid, deadline);
}

Result<openflow::BundleOutcome> SwitchLink::bundle(std::span<const openflow::FlowMod> mods, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(auto* const ends, ends_up(lock, deadline));
  TRY(const auto id, ends->openflow.start_bundle(mods));
  auto outcome = await_answer(lock, bundles_, id, deadline);
  // What has become of it is not known, and there is one bundle at a time: begin anew.
  if (!outcome && outcome.error().code == ErrorCode::deadline_exceeded && state_ == State::up) {
    hurry_ = true;
    wake_.wake();
  }
  return outcome;
}

}  // namespace pratique::network
