#include "libs/protocol/radius/session.h"

#include "libs/protocol/radius/values.h"

namespace pratique::radius {

Result<std::vector<Attribute>> session_attributes(const SessionIdentification& session) {
  std::vector<Attribute> out;
  const auto add = [&out](AttributeType type, std::string_view text) -> Result<void> {
    if (text.empty()) return {};
    TRY(auto attribute, text_attribute(type, text));
    out.push_back(std::move(attribute));
    return {};
  };
  TRY_VOID(add(AttributeType::nas_identifier, session.nas_identifier));
  if (session.nas_address) {
    const auto type = session.nas_address->is_v4() ? AttributeType::nas_ip_address : AttributeType::nas_ipv6_address;
    TRY(auto attribute, address_attribute(type, *session.nas_address));
    out.push_back(std::move(attribute));
  }
  const auto of_nas = out.size();
  TRY_VOID(add(AttributeType::acct_session_id, session.acct_session_id));
  TRY_VOID(add(AttributeType::acct_multi_session_id, session.acct_multi_session_id));
  if (const auto& station = session.calling_station)
    TRY_VOID(add(AttributeType::calling_station_id, station->mac.text(station->form, station->letters)));
  TRY_VOID(add(AttributeType::user_name, session.user_name));
  TRY_VOID(add(AttributeType::nas_port_id, session.nas_port_id));
  if (session.nas_port) out.push_back(integer_attribute(AttributeType::nas_port, *session.nas_port));
  if (out.size() == of_nas)
    return invalid("RADIUS_SESSION_UNIDENTIFIED", "nothing says which session of the NAS is meant");
  return out;
}

}  // namespace pratique::radius
