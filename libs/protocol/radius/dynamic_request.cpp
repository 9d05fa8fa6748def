#include "libs/protocol/radius/dynamic_request.h"

#include <algorithm>
#include <array>

#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/filter_rules.h"
#include "libs/protocol/radius/values.h"

namespace pratique::radius {
namespace {

/// What a change may not bring along: it belongs to the packet, to proxies, or to the session's identification.
constexpr std::array kNotAChange = {AttributeType::message_authenticator, AttributeType::event_timestamp,
                                    AttributeType::proxy_state,           AttributeType::nas_identifier,
                                    AttributeType::nas_ip_address,        AttributeType::nas_ipv6_address,
                                    AttributeType::acct_session_id,       AttributeType::acct_multi_session_id,
                                    AttributeType::calling_station_id,    AttributeType::user_name,
                                    AttributeType::nas_port_id,           AttributeType::nas_port};

void append(std::vector<Attribute>& to, std::vector<Attribute> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Result<std::vector<Attribute>> change_attributes(const SessionChange& change) {
  std::vector<Attribute> out;
  if (change.vlan) {
    TRY(auto vlan, vlan_attributes(*change.vlan));
    append(out, std::move(vlan));
  }
  if (!change.filter_id.empty()) {
    TRY(auto filter, text_attribute(AttributeType::filter_id, change.filter_id));
    out.push_back(std::move(filter));
  }
  TRY(auto rules, filter_rule_attributes(change.filter_rules));
  append(out, std::move(rules));
  if (const auto& timeout = change.session_timeout) {
    if (timeout->count() < 0 || timeout->count() > UINT32_MAX)
      return invalid("RADIUS_ATTRIBUTE_INVALID", "Session-Timeout: 0 to 4294967295 seconds are possible");
    out.push_back(integer_attribute(AttributeType::session_timeout, static_cast<std::uint32_t>(timeout->count())));
  }
  if (change.termination_action)
    out.push_back(
        integer_attribute(AttributeType::termination_action, static_cast<std::uint32_t>(*change.termination_action)));
  for (const auto& other : change.others)
    if (std::ranges::find(kNotAChange, other.type) != kNotAChange.end())
      return invalid("RADIUS_ATTRIBUTE_INVALID", to_string(other.type) + " cannot be part of a change");
  append(out, change.others);
  if (out.empty()) return invalid("RADIUS_CHANGE_EMPTY", "nothing is to change");
  return out;
}

}  // namespace

SessionChange SessionChange::authenticate_again(std::chrono::seconds within) {
  return {.session_timeout = within, .termination_action = TerminationAction::authenticate_again};
}

Result<DynamicRequest> disconnect(const SessionIdentification& session) {
  TRY(auto attributes, session_attributes(session));
  return DynamicRequest{Code::disconnect_request, std::move(attributes)};
}

Result<DynamicRequest> change(const SessionIdentification& session, const SessionChange& change) {
  TRY(auto attributes, session_attributes(session));
  TRY(auto changes, change_attributes(change));
  append(attributes, std::move(changes));
  return DynamicRequest{Code::coa_request, std::move(attributes)};
}

Result<DynamicRequest> authorize_again(const SessionIdentification& session, ByteView state) {
  TRY(auto attributes, session_attributes(session));
  attributes.push_back(integer_attribute(AttributeType::service_type, kServiceTypeAuthorizeOnly));
  TRY(auto state_attribute, octets_attribute(AttributeType::state, state));
  attributes.push_back(std::move(state_attribute));
  return DynamicRequest{Code::coa_request, std::move(attributes)};
}

Result<SignedRequest> sign_dynamic_request(const DynamicRequest& request, std::uint8_t identifier, Timestamp now,
                                           const SharedSecret& secret) {
  Packet packet{.code = request.code, .identifier = identifier, .attributes = request.attributes};
  TRY(auto time, time_attribute(AttributeType::event_timestamp, now));
  packet.attributes.push_back(std::move(time));
  ask_for_message_authenticator(packet);
  TRY(auto datagram, sign_request(packet, secret));
  return SignedRequest{std::move(packet), std::move(datagram)};
}

}  // namespace pratique::radius
