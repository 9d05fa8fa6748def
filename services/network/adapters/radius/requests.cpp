#include "services/network/adapters/radius/requests.h"

#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

radius::SessionIdentification name_of(const RadiusSwitch& to, const SessionNaming& naming, const SessionRef& session) {
  radius::SessionIdentification out{.nas_identifier = to.nas_identifier, .nas_address = to.nas_address};
  if (naming.accounting_id) out.acct_session_id = session.accounting_id;
  if (naming.calling_station && !session.mac.is_zero())
    out.calling_station = radius::CallingStation{session.mac, naming.mac_form, naming.letters};
  if (naming.user_name) out.user_name = session.user_name;
  if (naming.port) out.nas_port_id = session.port;
  return out;
}

Result<radius::SessionChange> change_of(const RadiusSwitch& to, VlanId vlan) {
  radius::SessionChange out;
  switch (to.change_by) {
    case ChangeBy::vlan: {
      TRY(out.vlan, radius::vlan_numbered(vlan));
      return out;
    }
    case ChangeBy::filter_id: {
      const auto filter = to.filters.find(vlan);
      if (filter == to.filters.end())
        return failed_precondition(kCapabilityMissing.code, "no filter of this switch stands for the segment")
            .with("vlan", std::to_string(vlan));
      out.filter_id = filter->second;
      return out;
    }
    case ChangeBy::reauthenticate: out.others = to.reauthenticate; return out;
    case ChangeBy::disconnect: break;
  }
  return capability_missing(Capability::change_session);
}

}  // namespace

std::vector<SessionNaming> namings_of(const SessionNaming& configured, const SessionRef& session) {
  const bool by_id = configured.accounting_id && !session.accounting_id.empty();
  const bool by_station = configured.calling_station && !session.mac.is_zero();
  const bool by_user = configured.user_name && !session.user_name.empty();
  const bool by_port = configured.port && !session.port.empty();
  std::vector<SessionNaming> out{configured};
  if (by_id + by_station + by_user + by_port < 2) return out;
  auto one = configured;
  one.accounting_id = by_id;
  one.calling_station = !by_id && by_station;
  one.user_name = !by_id && !by_station && by_user;
  one.port = false;
  out.push_back(one);
  return out;
}

Result<radius::DynamicRequest> request_to_end(const RadiusSwitch& to, const SessionNaming& naming,
                                              const SessionRef& session) {
  return radius::disconnect(name_of(to, naming, session));
}

Result<radius::DynamicRequest> request_to_change(const RadiusSwitch& to, const SessionNaming& naming,
                                                 const SessionRef& session, VlanId vlan) {
  TRY(const auto change, change_of(to, vlan));
  return radius::change(name_of(to, naming, session), change);
}

Error refusal(std::string_view asked, const radius::Answer& answer) {
  const auto cause = answer.error_cause;
  auto error = cause == radius::ErrorCause::resources_unavailable
                   ? unavailable(kSwitchRefused.code, "the switch has no resources just now")
                   : failed_precondition(kSwitchRefused.code, kSwitchRefused.meaning);
  error.message += cause ? ": " + radius::to_string(*cause) : ", without saying why";
  error = std::move(error).with("asked", asked).with("error_cause", cause ? radius::to_string(*cause) : "none");
  if (cause) error = std::move(error).with("code", radius::reason_of(*cause)).with("remedy", radius::remedy_of(*cause));
  for (const auto& words : answer.reply_messages) error = std::move(error).with("reply_message", words);
  return error;
}

}  // namespace pratique::network
