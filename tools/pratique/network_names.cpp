#include "tools/pratique/network_names.h"

#include <fmt/format.h>

#include "tools/pratique/link/failure.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

// What these have in common: a short name that is unique.
template <typename Resource, typename GetRequest, typename List, typename ListRequest>
Result<Resource> get_by_short_name(Context& context, std::string_view collection, std::string_view typed,
                                   std::string_view reason, std::string_view noun, std::string_view remedy,
                                   const google::protobuf::RepeatedPtrField<Resource>& (List::*elements)() const) {
  if (const auto name = resource_name(collection, typed); !name.empty())
    return get_by_name<Resource, GetRequest>(context, name);
  TRY(const auto all, list<List>(context.api, ListRequest(), kAllOfThem));
  for (const auto& one : (all.*elements)())
    if (one.short_name() == typed) return one;
  return not_found(reason, fmt::format("no {} is called '{}'", noun, typed)).with(kRemedy, remedy);
}

template <typename List, typename ListRequest, typename Resource>
std::map<std::string, std::string> short_names(Context& context,
                                               const google::protobuf::RepeatedPtrField<Resource>& (List::*elements)()
                                                   const) {
  std::map<std::string, std::string> out;
  const auto all = list<List>(context.api, ListRequest(), kAllOfThem);
  if (!all) return out;
  for (const auto& one : ((*all).*elements)()) out[one.name()] = one.short_name();
  return out;
}

std::string found_or_uuid(const std::map<std::string, std::string>& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? short_name(name) : found->second;
}

// The resource name of what was typed: asks only where a UUID does not say it.
template <typename Get>
Result<std::string> name_of(Context& context, std::string_view collection, std::string_view typed, Get get) {
  if (auto name = resource_name(collection, typed); !name.empty() || typed.empty()) return name;
  TRY(const auto found, get(context, typed));
  return found.name();
}

}  // namespace

Result<v1::Segment> get_segment(Context& context, std::string_view typed) {
  return get_by_short_name<v1::Segment, v1::GetSegmentRequest, v1::ListSegmentsResponse, v1::ListSegmentsRequest>(
      context, "segments", typed, "SEGMENT_UNKNOWN", "segment", "pratique segments list",
      &v1::ListSegmentsResponse::segments);
}

Result<v1::Site> get_site(Context& context, std::string_view typed) {
  return get_by_short_name<v1::Site, v1::GetSiteRequest, v1::ListSitesResponse, v1::ListSitesRequest>(
      context, "sites", typed, "SITE_UNKNOWN", "site", "pratique sites list", &v1::ListSitesResponse::sites);
}

Result<v1::NetworkSwitch> get_switch(Context& context, std::string_view typed) {
  return get_by_short_name<v1::NetworkSwitch, v1::GetSwitchRequest, v1::ListSwitchesResponse, v1::ListSwitchesRequest>(
      context, "switches", typed, "SWITCH_UNKNOWN", "switch", "pratique switches list",
      &v1::ListSwitchesResponse::switches);
}

Result<v1::Wlan> get_wlan(Context& context, std::string_view typed) {
  return get_by_short_name<v1::Wlan, v1::GetWlanRequest, v1::ListWlansResponse, v1::ListWlansRequest>(
      context, "wlans", typed, "WLAN_UNKNOWN", "WLAN", "pratique wlans list", &v1::ListWlansResponse::wlans);
}

Result<std::string> segment_name(Context& context, std::string_view typed) {
  return name_of(context, "segments", typed, get_segment);
}
Result<std::string> site_name(Context& context, std::string_view typed) {
  return name_of(context, "sites", typed, get_site);
}
Result<std::string> switch_name(Context& context, std::string_view typed) {
  return name_of(context, "switches", typed, get_switch);
}

std::optional<PortPlace> parse_port_place(std::string_view typed) {
  const auto slash = typed.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == typed.size()) return std::nullopt;
  return PortPlace{typed.substr(0, slash), typed.substr(slash + 1)};
}

Result<v1::Port> get_port(Context& context, std::string_view typed) {
  if (const auto name = resource_name("ports", typed); !name.empty())
    return get_by_name<v1::Port, v1::GetPortRequest>(context, name);
  const auto place = parse_port_place(typed);
  if (!place)
    return invalid("ARGUMENT_INVALID", fmt::format("'{}' names no port: give SWITCH/PORT, e.g. hall-1/p3", typed));
  v1::ListPortsRequest request;
  TRY(*request.mutable_network_switch(), switch_name(context, place->on_switch));
  TRY(const auto ports, list<v1::ListPortsResponse>(context.api, request, kAllOfThem));
  for (const auto& port : ports.ports())
    if (port.port_name() == place->port) return port;
  return not_found("PORT_UNKNOWN", fmt::format("switch {} has no port '{}' here", place->on_switch, place->port))
      .with(kRemedy, fmt::format("pratique ports list --switch {}", shell_word(place->on_switch)));
}

Result<std::string> port_name(Context& context, std::string_view typed) {
  return name_of(context, "ports", typed, get_port);
}

Result<std::string> session_name(std::string_view typed) {
  auto name = resource_name("sessions", typed);
  if (name.empty())
    return invalid("ARGUMENT_INVALID", fmt::format("'{}' names no session: pratique sessions list --open", typed));
  return name;
}

std::string NetworkNames::of_switch(const std::string& name) {
  if (name.empty()) return name;
  if (!switches_)
    switches_ =
        short_names<v1::ListSwitchesResponse, v1::ListSwitchesRequest>(context_, &v1::ListSwitchesResponse::switches);
  return found_or_uuid(*switches_, name);
}

std::string NetworkNames::of_segment(const std::string& name) {
  if (name.empty()) return name;
  if (!segments_)
    segments_ =
        short_names<v1::ListSegmentsResponse, v1::ListSegmentsRequest>(context_, &v1::ListSegmentsResponse::segments);
  return found_or_uuid(*segments_, name);
}

std::string NetworkNames::of_site(const std::string& name) {
  if (name.empty()) return name;
  if (!sites_)
    sites_ = short_names<v1::ListSitesResponse, v1::ListSitesRequest>(context_, &v1::ListSitesResponse::sites);
  return found_or_uuid(*sites_, name);
}

std::string NetworkNames::of_port(const v1::Port& port) {
  return of_switch(port.network_switch()) + "/" + port.port_name();
}

const registrar::v1::Device* DeviceNames::find(const std::string& name) {
  const auto known = known_.find(name);
  if (known != known_.end()) return &known->second;
  if (!answers_ || known_.size() >= kMost) return nullptr;
  auto device = get_by_name<registrar::v1::Device, registrar::v1::GetDeviceRequest>(context_, name);
  if (!device && device.error().code != ErrorCode::not_found) answers_ = false;
  if (!device) return nullptr;
  return &known_.emplace(name, *std::move(device)).first->second;
}

std::string DeviceNames::of(const std::string& name) {
  if (name.empty()) return name;
  const auto* device = find(name);
  return device == nullptr || device->serial_number().empty() ? short_name(name) : device->serial_number();
}

std::string DeviceNames::word_of(const std::string& name) {
  const auto* device = find(name);
  return device == nullptr ? name : device_word(*device);
}

}  // namespace pratique::cli
