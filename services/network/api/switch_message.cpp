#include "services/network/api/switch_message.h"

#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

v1::SwitchKind kind_message(SwitchKind kind) {
  switch (kind) {
    case SwitchKind::ovs: return v1::SWITCH_KIND_OVS;
    case SwitchKind::radius: return v1::SWITCH_KIND_RADIUS;
  }
  return v1::SWITCH_KIND_UNSPECIFIED;
}

}  // namespace

v1::Site message_of(const Site& site) {
  v1::Site out;
  out.set_name(site.id.name());
  out.set_short_name(site.name);
  out.set_display_name(site.display_name);
  *out.mutable_create_time() = rpc::write_time(site.create_time);
  *out.mutable_update_time() = rpc::write_time(site.update_time);
  out.set_etag(rpc::make_etag(site.id.name(), site.version));
  return out;
}

Site read_site(const v1::Site& message) {
  return {.name = message.short_name(), .display_name = message.display_name()};
}

Result<std::optional<SwitchKind>> read_kind(std::string_view field, v1::SwitchKind kind) {
  if (kind == v1::SWITCH_KIND_UNSPECIFIED) return std::optional<SwitchKind>{};
  for (const auto known : {SwitchKind::ovs, SwitchKind::radius})
    if (kind_message(known) == kind) return std::optional(known);
  return field_invalid(field, "is unknown");
}

v1::NetworkSwitch message_of(const Switch& one) {
  v1::NetworkSwitch out;
  out.set_name(one.id.name());
  out.set_short_name(one.name);
  out.set_display_name(one.display_name);
  out.set_site(one.site.name());
  out.set_kind(kind_message(one.kind));
  out.set_settings(one.settings);
  if (one.nas_address) out.set_nas_address(one.nas_address->text());
  out.set_nas_identifier(one.nas_identifier);
  out.set_has_radius_secret(one.has_secret);
  out.set_disabled(!one.enabled);
  for (const auto word : capabilities_of(one.kind).words()) out.add_capabilities(std::string(word));
  if (one.last_seen_time) *out.mutable_last_seen_time() = rpc::write_time(*one.last_seen_time);
  if (!one.problem.empty()) write_finding(one.problem, one.problem_message, out.mutable_problem());
  if (one.problem_since) *out.mutable_problem_since() = rpc::write_time(*one.problem_since);
  *out.mutable_create_time() = rpc::write_time(one.create_time);
  *out.mutable_update_time() = rpc::write_time(one.update_time);
  out.set_etag(rpc::make_etag(one.id.name(), one.version));
  return out;
}

Result<Switch> read_switch(const v1::NetworkSwitch& message) {
  Switch out{.name = message.short_name(), .display_name = message.display_name()};
  TRY(out.site, read_reference<SiteId>("network_switch.site", message.site()));
  TRY(const auto kind, read_kind("network_switch.kind", message.kind()));
  if (!kind) return field_invalid("network_switch.kind", "must be given");
  out.kind = *kind;
  if (!message.settings().empty()) out.settings = message.settings();
  if (!message.nas_address().empty()) {
    const auto address = IpAddress::parse(message.nas_address());
    if (!address) return field_invalid("network_switch.nas_address", "is no IP address");
    out.nas_address = *address;
  }
  out.nas_identifier = message.nas_identifier();
  out.enabled = !message.disabled();
  return out;
}

}  // namespace pratique::network
