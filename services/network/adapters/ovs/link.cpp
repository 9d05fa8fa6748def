#include "services/network/adapters/ovs/link.h"

#include <algorithm>
#include <utility>

#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

Error too_late(std::string_view what) {
  return {ErrorCode::deadline_exceeded, "SWITCH_TIMEOUT", "the switch did not answer in time: " + std::string(what)};
}

}  // namespace

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

SwitchLink::Quiet::Quiet(SwitchLink& link, Connections::Names ports) : link_(link) {
  const std::lock_guard lock(link_.mutex_);
  link_.quiet_ = std::move(ports);
}
SwitchLink::Quiet::~Quiet() {
  const std::lock_guard lock(link_.mutex_);
  link_.quiet_.clear();
}

void SwitchLink::expect(std::span<const openflow::FlowMod> mods) {
  const std::lock_guard lock(mutex_);
  if (connections_) connections_->expect(mods);
}

// ---- the thread

void SwitchLink::run() {
  auto pause = config_.first_pause;
  for (;;) {
    if (const auto connections = connect_both(); connections) {
      pause = config_.first_pause;
      const auto ended = serve(**connections);
      go_down(ended ? switch_unreachable("an answer was given up") : ended.error());
    } else {
      go_down(connections.error());
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
  if (connections_) connections_->give_up(switch_unreachable("the connection was lost"));
  connections_.reset();
  hurry_ = false;
  news_.notify_all();
}

Result<std::shared_ptr<Connections>> SwitchLink::connect_both() {
  const auto deadline = Clock::now() + config_.connect_timeout;
  const auto connect = [&](const std::string& address) -> Result<net::ByteStream> {
    for (;;) {
      auto stream = net::ByteStream::connect(address, deadline, &wake_);
      if (stream) return stream;
      if (stream.error().code != ErrorCode::cancelled) return switch_unreachable(stream.error().message);
      wake_.clear();
      const std::lock_guard lock(mutex_);
      if (stopping_) return switch_unreachable("we are stopping");
    }
  };
  TRY(auto database, connect(config_.ovsdb));
  TRY(auto table, connect(config_.openflow));
  const auto connections = std::make_shared<Connections>(config_, std::move(database), std::move(table));
  TRY_VOID(connections->begin());
  while (!connections->up()) {
    TRY_VOID(turn(*connections, deadline));
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return switch_unreachable("we are stopping");
    }
    if (Clock::now() >= deadline) return switch_unreachable("the switch is silent");
  }
  if (!connections->picture().has_bridge())
    return switch_unreachable("the switch has no bridge '" + config_.bridge + "'");
  const std::lock_guard lock(mutex_);
  state_ = State::up;
  connections_ = connections;
  announced_ = false;
  news_.notify_all();
  return connections;
}

Result<void> SwitchLink::serve(Connections& connections) {
  for (;;) {
    bool announce = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || hurry_) return {};
      announce = listener_ && !std::exchange(announced_, true);
    }
    if (announce) tell({{.kind = PortEvent::Kind::all_lost}});
    Clock::time_point look_again;
    {
      const std::lock_guard lock(mutex_);
      TRY_VOID(connections.tick(Clock::now()));
      look_again = connections.due();
    }
    TRY_VOID(turn(connections, look_again));
  }
}

Result<void> SwitchLink::turn(Connections& connections, Clock::time_point until) {
  {
    const std::lock_guard lock(mutex_);
    connections.flush();
  }
  TRY(const auto heard, connections.exchange(wake_, until));
  if (heard.nothing()) return {};
  std::vector<PortEvent> events;
  const auto hear = [&]() -> Result<void> {
    const std::lock_guard lock(mutex_);
    TRY_VOID(connections.hear(heard, quiet_, events));
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

Result<std::shared_ptr<Connections>> SwitchLink::connected(std::unique_lock<std::mutex>& lock, Deadline deadline) {
  const bool known = news_.wait_until(lock, deadline, [&] { return state_ != State::connecting; });
  if (!known) return too_late("connecting");
  if (state_ == State::up) return connections_;
  if (why_failed_.reason == kSwitchUnreachable.code || why_failed_.reason == "SWITCH_PROTOCOL") return why_failed_;
  return switch_unreachable(why_failed_.reason + ": " + why_failed_.message);
}

template <typename Id, typename Answer>
Result<Answer> SwitchLink::await_answer(std::unique_lock<std::mutex>& lock, Connections::Answers<Id, Answer>& answers,
                                        Id id, Deadline deadline) {
  const auto place = answers.try_emplace(id).first;
  wake_.wake();
  const bool answered = news_.wait_until(lock, deadline, [&] { return place->second.has_value(); });
  auto answer = std::move(place->second);
  answers.erase(place);
  if (!answered) return too_late("a question");
  return *std::move(answer);
}

Result<void> SwitchLink::with_picture(const std::function<Result<void>(const Picture&)>& read, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(const auto connections, connected(lock, deadline));
  return read(connections->picture());
}

Result<ovsdb::TransactResult> SwitchLink::transact(const std::vector<ovsdb::Operation>& operations, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(const auto connections, connected(lock, deadline));
  TRY(const auto id, connections->transact(operations));
  return await_answer(lock, connections->transactions, id, deadline);
}

Result<void> SwitchLink::await_applied(std::int64_t cfg, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(const auto connections, connected(lock, deadline));
  const bool known = news_.wait_until(
      lock, deadline, [&] { return connections_ != connections || connections->picture().cur_cfg() >= cfg; });
  if (!known) return too_late("carrying out a change of its ports");
  if (connections_ != connections) return switch_unreachable("the connection was lost");
  return {};
}

Result<std::vector<openflow::Flow>> SwitchLink::flows(const openflow::FlowQuery& query, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(const auto connections, connected(lock, deadline));
  TRY(const auto xid, connections->ask_flows(query));
  return await_answer(lock, connections->readings, xid, deadline);
}

Result<openflow::BundleOutcome> SwitchLink::bundle(std::span<const openflow::FlowMod> mods, Deadline deadline) {
  std::unique_lock lock(mutex_);
  TRY(const auto connections, connected(lock, deadline));
  TRY(const auto id, connections->start_bundle(mods));
  auto outcome = await_answer(lock, connections->bundles, id, deadline);
  // What has become of it is not known, and there is one bundle at a time: begin anew.
  if (!outcome && outcome.error().code == ErrorCode::deadline_exceeded && connections_ == connections) {
    hurry_ = true;
    wake_.wake();
  }
  return outcome;
}

}  // namespace pratique::network
