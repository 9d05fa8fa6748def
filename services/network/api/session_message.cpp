#include "services/network/api/session_message.h"

#include "libs/rpc/timestamp.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

v1::SessionState state_message(SessionState state) {
  switch (state) {
    case SessionState::accepted: return v1::SESSION_STATE_ACCEPTED;
    case SessionState::live: return v1::SESSION_STATE_LIVE;
    case SessionState::ended: return v1::SESSION_STATE_ENDED;
  }
  return v1::SESSION_STATE_UNSPECIFIED;
}

}  // namespace

v1::Session message_of(const Session& session) {
  v1::Session out;
  out.set_name(session.id.name());
  out.set_state(state_message(session.state));
  out.set_device(session.device.name());
  out.set_network_switch(session.on_switch.name());
  out.set_switch_name(session.switch_name);
  out.set_port(session.port.name());
  out.set_port_name(session.port_name);
  out.set_mac_address(session.mac.text());
  out.set_user_name(session.user_name);
  out.set_accounting_id(session.accounting_id);
  out.set_certificate_serial(session.certificate_serial);
  out.set_authority_key_id(session.authority_key_id);
  out.set_given_vlan(session.given_vlan.value_or(0));
  for (const auto& address : session.framed_addresses) out.add_addresses(address);
  *out.mutable_accept_time() = rpc::write_time(session.accept_time);
  if (session.start_time) *out.mutable_start_time() = rpc::write_time(*session.start_time);
  *out.mutable_last_heard_time() = rpc::write_time(session.heard_time);
  if (session.end_time) *out.mutable_end_time() = rpc::write_time(*session.end_time);
  if (!session.end_code.empty()) write_finding(session.end_code, session.end_message, out.mutable_end_reason());
  out.set_input_octets(session.input_octets);
  out.set_output_octets(session.output_octets);
  return out;
}

v1::Attempt message_of(const Attempt& attempt) {
  v1::Attempt out;
  out.set_verdict(attempt.accepted ? v1::ATTEMPT_VERDICT_ACCEPTED : v1::ATTEMPT_VERDICT_REFUSED);
  if (!attempt.code.empty()) {
    write_finding(attempt.code, "", out.mutable_reason());
    if (!attempt.detail.empty()) (*out.mutable_reason()->mutable_evidence())["detail"] = attempt.detail;
  }
  if (!attempt.device.empty()) out.set_device(attempt.device.name());
  if (!attempt.on_switch.empty()) out.set_network_switch(attempt.on_switch.name());
  out.set_switch_name(attempt.switch_name);
  if (!attempt.port.empty()) out.set_port(attempt.port.name());
  out.set_port_name(attempt.port_name);
  out.set_mac_address(attempt.station);
  out.set_user_name(attempt.user_name);
  out.set_certificate_serial(attempt.certificate_serial);
  out.set_authority_key_id(attempt.authority_key_id);
  out.set_nas_address(attempt.nas_address);
  out.set_nas_identifier(attempt.nas_identifier);
  out.set_nas_port_id(attempt.nas_port_id);
  out.set_vlan(attempt.vlan.value_or(0));
  out.set_times(attempt.times);
  *out.mutable_first_time() = rpc::write_time(attempt.first_time);
  *out.mutable_last_time() = rpc::write_time(attempt.last_time);
  return out;
}

}  // namespace pratique::network
