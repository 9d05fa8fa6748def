#include "services/network/adapters/ovs/application.h"

#include <algorithm>
#include <utility>

#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

constexpr std::size_t kPortsPerTransaction = 2000;

std::vector<ovsdb::Operation> with_await(std::vector<ovsdb::Operation> operations) {
  operations.push_back(ovsdb::Mutate{"Open_vSwitch", {}, {{"next_cfg", ovsdb::Mutator::add, std::int64_t{1}}}});
  operations.push_back(ovsdb::Select{"Open_vSwitch", {}, std::vector<std::string>{"next_cfg"}});
  return operations;
}

Result<std::int64_t> cfg_of(const ovsdb::TransactResult& result) {
  TRY(const auto rows, result.rows(result.operations.size() - 1));
  if (rows.size() != 1) return internal("SWITCH_PROTOCOL", "not one row in table Open_vSwitch");
  return rows.front().int_at("next_cfg");
}

/// What a plan may not hold, or nothing.
std::string_view fault_of(const PortPlan& plan) {
  if (plan.role == PortRole::uplink) return "";
  if (plan.vlan < kMinVlan || plan.vlan > kMaxVlan) return "the plan has no VLAN";
  for (const auto& station : plan.stations)
    if (station.mac.is_zero() || station.mac.is_group()) return "a station's address is nobody's";
  return "";
}

}  // namespace

void Application::Order::add(std::vector<openflow::FlowMod> more, Work* work) {
  whose.insert(whose.end(), more.size(), work);
  mods.insert(mods.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Application::Application(SwitchLink& link, std::span<const openflow::Flow> shared, std::span<const PortPlan> plans,
                         Deadline deadline)
    : link_(link), shared_(shared.begin(), shared.end()), plans_(plans), deadline_(deadline) {}

Result<std::vector<AppliedPort>> Application::run(bool all) {
  std::set<std::string, std::less<>> names{""};
  for (const auto& plan : plans_) names.insert(plan.port);
  const SwitchLink::Quiet quiet(link_, std::move(names));
  TRY_VOID(require_secure());
  TRY_VOID(look_up());
  all = all || plans_.size() > kReadAllFrom;
  TRY(auto reading, read(all));
  TRY_VOID(close_and_keep(reading));
  TRY_VOID(change_settings());
  TRY_VOID(open());
  if (sent_) {
    TRY(reading, read(all));
  }
  judge(reading);
  TRY_VOID(silence_refused(reading));
  std::vector<AppliedPort> out;
  out.reserve(works_.size());
  for (auto& work : works_) out.push_back({work.plan->port, std::move(work.verdict)});
  return out;
}

void Application::refuse(Work& work, const Reason& reason, std::string_view message, Evidence evidence) {
  evidence.insert(evidence.begin(), {"port", work.plan->port});
  work.verdict.refuse(reason.code, message, std::move(evidence));
}

/// Each plan with its port, as the database has it.
Result<void> Application::look_up() {
  works_.resize(plans_.size());
  std::set<std::string_view> seen;
  return link_.with_picture(
      [&](const Picture& picture) -> Result<void> {
        for (std::size_t i = 0; i < plans_.size(); ++i) {
          auto& work = works_[i];
          work.plan = &plans_[i];
          if (!seen.insert(work.plan->port).second) {
            refuse(work, kSwitchRefused, "the port is planned twice in one change");
            continue;
          }
          const auto* const port = picture.find(work.plan->port);
          if (port == nullptr) {
            refuse(work, kSwitchRefused, "the switch has no port '" + work.plan->port + "'");
            continue;
          }
          work.port = *port;
          if (!port->usable()) {
            refuse(work, kSwitchRefused, "the switch has no use of port '" + port->name + "'",
                   {{"switch", port->error}});
            continue;
          }
          if (const auto fault = fault_of(*work.plan); !fault.empty()) {
            refuse(work, kSwitchRefused, fault);
            continue;
          }
          work.wanted = port_rules(*work.plan, work.ofport());
          work.settings = settings_for(*port, *work.plan);
          work.moves = std::ranges::any_of(work.settings, [](const ovsdb::Operation& operation) {
            return std::get<ovsdb::Update>(operation).table == "Port";
          });
        }
        return {};
      },
      deadline_);
}

/// Before all else, since a switch that changes its fail mode may throw its flows away.
Result<void> Application::require_secure() {
  std::optional<ovsdb::Uuid> bridge;
  TRY_VOID(link_.with_picture(
      [&](const Picture& picture) -> Result<void> {
        if (!picture.secure()) bridge = picture.bridge_uuid();
        return {};
      },
      deadline_));
  if (!bridge) return {};
  TRY(const auto result, link_.transact(with_await({ovsdb::Update{"Bridge",
                                                                  {{"_uuid", ovsdb::Function::equal, *bridge}},
                                                                  {{"fail_mode", std::string("secure")}}}}),
                                        deadline_));
  TRY_VOID(result.require_done());
  TRY(const auto cfg, cfg_of(result));
  return link_.await_applied(cfg, deadline_);
}

Result<Reading> Application::read(bool all) {
  if (all) return read_all(link_, deadline_);
  std::vector<std::uint32_t> ofports;
  for (const auto& work : works_)
    if (work.reachable()) ofports.push_back(work.ofport());
  std::ranges::sort(ofports);
  const auto twice = std::ranges::unique(ofports);
  ofports.erase(twice.begin(), twice.end());
  return read_ports(link_, ofports, deadline_);
}

Result<void> Application::send(const std::function<Order()>& make) {
  for (;;) {
    const auto order = make();
    if (order.mods.empty()) return {};
    sent_ = true;
    TRY(const auto outcome, link_.bundle(order.mods, deadline_));
    if (outcome.committed) {
      link_.expect(order.mods);
      return {};
    }
    // Nothing of it counts. Without those at fault it is tried again, so each turn has a port less.
    bool somebody = false;
    for (const auto& refusal : outcome.refusals) {
      auto* const work =
          refusal.flow_mod && *refusal.flow_mod < order.whose.size() ? order.whose[*refusal.flow_mod] : nullptr;
      if (work == nullptr || !work->good()) continue;
      refuse(*work, kSwitchRefused, "the switch refused a rule", {{"switch", refusal.text()}});
      somebody = true;
    }
    if (somebody) continue;
    return failed_precondition(kSwitchRefused.code, "the switch refused a change of its rules")
        .with("switch", outcome.refusals.empty() ? "it gave no reason" : outcome.refusals.front().text());
  }
}

/// The rules that all share, what is to go, and all of those ports whose settings stay.
Result<void> Application::close_and_keep(const Reading& reading) {
  return send([&] {
    Order order;
    order.add(difference(reading.shared, shared_), nullptr);
    for (auto& work : works_) {
      if (!work.reachable()) continue;
      const auto there = reading.port(work.ofport());
      const bool silent = !work.good() || work.moves;
      order.add(difference(there, silent ? std::span<const openflow::Flow>() : work.wanted), &work);
    }
    return order;
  });
}

Result<void> Application::change_settings() {
  std::vector<Work*> todo;
  for (auto& work : works_)
    if (work.good() && !work.settings.empty()) todo.push_back(&work);
  std::optional<std::int64_t> last;
  for (std::size_t from = 0; from < todo.size(); from += kPortsPerTransaction) {
    const std::span part(todo.begin() + static_cast<std::ptrdiff_t>(from),
                         std::min(kPortsPerTransaction, todo.size() - from));
    std::vector<ovsdb::Operation> operations;
    std::vector<Work*> whose;
    for (auto* const work : part)
      for (const auto& operation : work->settings) {
        operations.push_back(operation);
        whose.push_back(work);
      }
    sent_ = true;
    TRY(const auto result, link_.transact(with_await(std::move(operations)), deadline_));
    if (const auto done = result.require_done(); !done) {
      for (auto* const work : part)
        refuse(*work, kSwitchRefused, "the switch refused a change of its ports", {{"switch", done.error().message}});
      continue;
    }
    for (std::size_t i = 0; i < whose.size(); ++i)
      if (result.operations[i].count != 1 && whose[i]->good()) refuse(*whose[i], kSwitchRefused, "the port has gone");
    TRY(last, cfg_of(result));
  }
  if (last) TRY_VOID(link_.await_applied(*last, deadline_));
  return {};
}

/// What a moved port lets through, once it is where it belongs.
Result<void> Application::open() {
  TRY_VOID(link_.with_picture(
      [&](const Picture& picture) -> Result<void> {
        for (auto& work : works_) {
          if (!work.good()) continue;
          const auto* const now = picture.find(work.plan->port);
          if (now == nullptr || !now->usable() || now->ofport != work.port->ofport) {
            refuse(work, kSwitchDisobeyed, "the port has gone or has another number");
          } else if (!settings_for(*now, *work.plan).empty()) {
            refuse(work, kSwitchDisobeyed, "the port is not in the segment that it was put into",
                   {{"vlan", now->tag ? std::to_string(*now->tag) : "none"},
                    {"wanted_vlan", std::to_string(work.plan->vlan)}});
          }
        }
        return {};
      },
      deadline_));
  return send([&] {
    Order order;
    for (auto& work : works_)
      if (work.good() && work.moves) order.add(difference({}, work.wanted), &work);
    return order;
  });
}

void Application::judge(const Reading& reading) {
  const auto shared = difference(reading.shared, shared_);
  for (auto& work : works_) {
    if (!work.good()) continue;
    const auto differs = difference(reading.port(work.ofport()), work.wanted);
    const auto* const first = !differs.empty() ? &differs.front() : !shared.empty() ? &shared.front() : nullptr;
    if (first == nullptr) continue;
    refuse(work, kSwitchDisobeyed, "a rule that it took is not there, or one that it gave up still is",
           {{"rule", text_of(first->flow)}});
  }
}

/// Nothing passes on a port that could not be done whole.
Result<void> Application::silence_refused(const Reading& reading) {
  Order order;
  for (auto& work : works_)
    if (!work.good() && work.reachable()) order.add(difference(reading.port(work.ofport()), {}), &work);
  if (order.mods.empty()) return {};
  TRY(const auto outcome, link_.bundle(order.mods, deadline_));
  if (outcome.committed) {
    link_.expect(order.mods);
    return {};
  }
  for (auto& work : works_)
    if (!work.good())
      work.verdict.note(kSwitchRefused.code, "the port could not be closed", {{"port", work.plan->port}});
  return {};
}

}  // namespace pratique::network
