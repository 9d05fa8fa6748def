#include "services/network/adapters/ovs/ovs_adapter.h"

#include <atomic>
#include <utility>

#include "services/network/adapters/ovs/application.h"
#include "services/network/adapters/ovs/link.h"
#include "services/network/adapters/ovs/reading.h"
#include "services/network/domain/field_check.h"
#include "services/network/domain/reasons.h"

namespace pratique::network {

Result<void> check_ovs_config(const OvsConfig& config) {
  for (const auto& [field, address] : {std::pair{"ovsdb", &config.ovsdb}, std::pair{"openflow", &config.openflow}})
    if (!net::ByteStream::check_address(*address)) return field_invalid(field, "must be unix:/path or host:port");
  if (config.bridge.empty()) return field_invalid("bridge", "must be named");
  if (config.onboarding.services.size() > kMaxOnboardingServices)
    return field_invalid("onboarding.services", "at most " + std::to_string(kMaxOnboardingServices));
  for (const auto& service : config.onboarding.services)
    if (service.port == 0) return field_invalid("onboarding.services", "port 0 is none");
  if (config.first_pause.count() < 1 || config.longest_pause < config.first_pause || config.silence.count() < 1 ||
      config.poll.count() < 1 || config.connect_timeout.count() < 1)
    return field_invalid("pauses", "must be at least a millisecond, the longest not below the first");
  return {};
}

struct OvsAdapter::Inside {
  Inside(OvsConfig config, net::WakeUp wake)
      : shared(shared_rules(config.onboarding)), link(std::move(config), std::move(wake)) {}

  /// Changes of one switch one after another.
  Result<std::unique_lock<std::timed_mutex>> turn(Deadline deadline) {
    std::unique_lock lock(changing, deadline);
    if (!lock.owns_lock())
      return Error{ErrorCode::deadline_exceeded, "SWITCH_TIMEOUT", "another change of the switch takes too long"};
    return lock;
  }

  const std::vector<openflow::Flow> shared;
  std::timed_mutex changing;
  std::atomic<bool> foreign_seen = false;  // of rules that name no port: the next apply looks at all
  SwitchLink link;
};

OvsAdapter::OvsAdapter(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
OvsAdapter::~OvsAdapter() = default;

Result<std::unique_ptr<OvsAdapter>> OvsAdapter::make(OvsConfig config) {
  TRY_VOID(check_ovs_config(config));
  TRY(auto wake, net::WakeUp::make());
  return std::unique_ptr<OvsAdapter>(new OvsAdapter(std::make_unique<Inside>(std::move(config), std::move(wake))));
}

Capabilities OvsAdapter::capabilities() const {
  return {Capability::set_segment, Capability::pin_station,   Capability::close_port, Capability::isolate_stations,
          Capability::end_session, Capability::observe_ports, Capability::watch_ports};
}

void OvsAdapter::watch(Listener listener) { inside_->link.watch(std::move(listener)); }

Result<std::vector<PortState>> OvsAdapter::observe(Deadline deadline) {
  std::map<std::string, OvsPort, std::less<>> ports;
  bool secure = false;
  TRY_VOID(inside_->link.with_picture(
      [&](const Picture& picture) -> Result<void> {
        ports = picture.ports();
        secure = picture.secure();
        return {};
      },
      deadline));
  TRY(auto reading, read_all(inside_->link, deadline));
  // Rules of ports that are no longer there name nobody: they are everybody's.
  std::set<std::uint32_t> numbers;
  for (const auto& [name, port] : ports)
    if (port.usable()) numbers.insert(static_cast<std::uint32_t>(*port.ofport));
  for (const auto& [number, flows] : reading.of_port)
    if (!numbers.contains(number)) reading.shared.insert(reading.shared.end(), flows.begin(), flows.end());
  auto shared = judge_shared(reading.shared, inside_->shared);
  if (!secure) shared.foreign.emplace_back("fail_mode is not secure");
  if (!shared.foreign.empty()) inside_->foreign_seen = true;
  std::vector<PortState> out;
  out.reserve(ports.size());
  for (const auto& [name, port] : ports) {
    const auto flows =
        port.usable() ? reading.port(static_cast<std::uint32_t>(*port.ofport)) : std::span<const openflow::Flow>();
    auto& state = out.emplace_back(state_of(port, flows, shared));
    // What concerns all ports is told once, at the bridge's own.
    state.own = port.ofport == std::int64_t{0xfffe};
    if (state.own)
      state.foreign.insert(state.foreign.end(), shared.foreign.begin(), shared.foreign.end());
  }
  return out;
}

Result<PortState> OvsAdapter::observe_port(std::string_view name, Deadline deadline) {
  std::optional<OvsPort> port;
  TRY_VOID(inside_->link.with_picture(
      [&](const Picture& picture) -> Result<void> {
        if (const auto* const found = picture.find(name); found != nullptr) port = *found;
        return {};
      },
      deadline));
  if (!port) return port_unknown(name);
  std::vector<std::uint32_t> ofports;
  if (port->usable()) ofports.push_back(static_cast<std::uint32_t>(*port->ofport));
  TRY(const auto reading, read_ports(inside_->link, ofports, deadline));
  const auto flows = ofports.empty() ? std::span<const openflow::Flow>() : reading.port(ofports.front());
  return state_of(*port, flows, judge_shared(reading.shared, inside_->shared));
}

Result<std::vector<AppliedPort>> OvsAdapter::apply(std::span<const PortPlan> plans, Deadline deadline) {
  if (plans.empty()) return std::vector<AppliedPort>();
  TRY(const auto turn, inside_->turn(deadline));
  const bool all = inside_->foreign_seen.exchange(false);
  return Application(inside_->link, inside_->shared, plans, deadline).run(all);
}

Result<SessionEnd> OvsAdapter::end_session(const SessionRef& session, Deadline deadline) {
  TRY(const auto turn, inside_->turn(deadline));
  std::uint32_t ofport = 0;
  TRY_VOID(inside_->link.with_picture(
      [&](const Picture& picture) -> Result<void> {
        const auto* const port = picture.find(session.port);
        if (port != nullptr && port->usable()) ofport = static_cast<std::uint32_t>(*port->ofport);
        return {};
      },
      deadline));
  if (!session.port.empty() && ofport == 0) return SessionEnd{};  // no such port: nobody is logged on there
  const SwitchLink::Quiet quiet(inside_->link, {session.port});
  const auto query = rules_of_station(ofport, session.mac);
  TRY(const auto there, inside_->link.flows(query, deadline));
  if (there.empty()) return SessionEnd{};
  const auto orders = difference(there, {});
  TRY(const auto outcome, inside_->link.bundle(orders, deadline));
  if (!outcome.committed)
    return failed_precondition(kSwitchRefused.code, kSwitchRefused.meaning)
        .with("switch", outcome.refusals.empty() ? "it gave no reason" : outcome.refusals.front().text());
  inside_->link.expect(orders);
  TRY(const auto left, inside_->link.flows(query, deadline));
  if (!left.empty()) return failed_precondition(kSwitchDisobeyed.code, kSwitchDisobeyed.meaning);
  return SessionEnd{EndedBy::port};
}

Result<SessionChanged> OvsAdapter::change_session(const SessionRef&, VlanId, Deadline) {
  return capability_missing(Capability::change_session);
}

}  // namespace pratique::network
