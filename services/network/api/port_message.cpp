#include "services/network/api/port_message.h"

#include <algorithm>

#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

v1::PortRole role_message(PortRole role) {
  switch (role) {
    case PortRole::access: return v1::PORT_ROLE_ACCESS;
    case PortRole::service: return v1::PORT_ROLE_SERVICE;
    case PortRole::uplink: return v1::PORT_ROLE_UPLINK;
  }
  return v1::PORT_ROLE_UNSPECIFIED;
}

void write_station(const MacAddress& mac, const std::vector<PresentStation>& present, v1::Station* out) {
  out->set_mac_address(mac.text());
  const auto who = std::ranges::find(present, mac, &PresentStation::mac);
  if (who == present.end()) return;
  out->set_device(who->device.name());
  out->set_session(who->session.name());
}

void write_desired(const PortCondition& condition, v1::PortView* out) {
  const PortPlan& plan = *condition.plan;
  out->set_vlan(plan.vlan);
  out->set_segment(condition.planned_segment);
  for (const auto& station : plan.stations) write_station(station.mac, condition.present, out->add_stations());
  out->set_onboarding_only(plan.role == PortRole::access && plan.stations.empty());
}

void write_observed(const PortCondition& condition, v1::PortView* out) {
  const PortState& state = *condition.observed;
  out->set_vlan(state.vlan.value_or(0));
  out->set_segment(condition.observed_segment);
  for (const auto& mac : state.admitted) write_station(mac, condition.present, out->add_stations());
  out->set_onboarding_only(state.onboarding_only);
}

}  // namespace

Result<std::optional<PortRole>> read_role(std::string_view field, v1::PortRole role) {
  if (role == v1::PORT_ROLE_UNSPECIFIED) return std::optional<PortRole>{};
  for (const auto known : {PortRole::access, PortRole::service, PortRole::uplink})
    if (role_message(known) == role) return std::optional(known);
  return field_invalid(field, "is unknown");
}

v1::Port registered_message(const RegisteredPort& port) {
  v1::Port out;
  out.set_name(port.id.name());
  out.set_network_switch(port.on_switch.name());
  out.set_port_name(port.name);
  out.set_display_name(port.display_name);
  out.set_role(role_message(port.role));
  if (!port.fixed_segment.empty()) out.set_fixed_segment(port.fixed_segment.name());
  out.set_nas_port_id(port.nas_port_id);
  out.set_authenticator(port.authenticator);
  out.set_disconnect_at(port.disconnect_at);
  *out.mutable_create_time() = rpc::write_time(port.create_time);
  *out.mutable_update_time() = rpc::write_time(port.update_time);
  out.set_etag(rpc::make_etag(port.id.name(), port.version));
  return out;
}

v1::Port message_of(const PortOverview& port) {
  auto out = registered_message(port.port);
  const auto& condition = port.condition;
  out.set_pending(condition.dirty);
  if (condition.plan) write_desired(condition, out.mutable_desired());
  if (condition.observed) {
    write_observed(condition, out.mutable_observed());
    out.set_link_up(condition.observed->link_up);
    for (const auto& thing : condition.observed->foreign) out.add_foreign(thing);
  }
  if (condition.observe_time) *out.mutable_observe_time() = rpc::write_time(*condition.observe_time);
  if (!condition.problem.empty()) write_finding(condition.problem, condition.problem_message, out.mutable_problem());
  return out;
}

Result<RegisteredPort> read_port(const v1::Port& message) {
  RegisteredPort out{.name = message.port_name(), .display_name = message.display_name()};
  TRY(out.on_switch, read_reference<SwitchId>("port.network_switch", message.network_switch()));
  TRY(const auto role, read_role("port.role", message.role()));
  if (!role) return field_invalid("port.role", "must be given");
  out.role = *role;
  TRY(out.fixed_segment, read_reference<SegmentId>("port.fixed_segment", message.fixed_segment()));
  out.nas_port_id = message.nas_port_id();
  out.authenticator = message.authenticator();
  out.disconnect_at = message.disconnect_at();
  return out;
}

v1::DiffSwitchResponse message_of(const SwitchDiff& diff) {
  v1::DiffSwitchResponse out;
  for (const auto& port : diff.ports) {
    auto* message = out.add_ports();
    *message->mutable_port() = message_of(port.port);
    for (const auto& one : port.differences) {
      auto* difference = message->add_differences();
      difference->set_what(one.what);
      difference->set_desired(one.desired);
      difference->set_observed(one.observed);
    }
  }
  for (const auto& name : diff.undeclared) out.add_undeclared_ports(name);
  for (const auto& name : diff.missing) out.add_missing_ports(name);
  for (const auto& thing : diff.foreign) out.add_foreign(thing);
  *out.mutable_observe_time() = rpc::write_time(diff.observe_time);
  out.set_ports_observed(diff.ports_observed);
  return out;
}

}  // namespace pratique::network
