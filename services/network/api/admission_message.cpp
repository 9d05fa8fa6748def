#include "services/network/api/admission_message.h"

#include "libs/rpc/timestamp.h"
#include "services/network/api/port_message.h"
#include "services/network/api/session_message.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

v1::DeviceStanding standing_message(Standing standing) {
  switch (standing) {
    case Standing::admitted: return v1::DEVICE_STANDING_ADMITTED;
    case Standing::quarantined: return v1::DEVICE_STANDING_QUARANTINED;
    case Standing::excluded: return v1::DEVICE_STANDING_EXCLUDED;
  }
  return v1::DEVICE_STANDING_UNSPECIFIED;
}

v1::PlaceState state_message(PlaceState state) {
  switch (state) {
    case PlaceState::in_place: return v1::PLACE_STATE_IN_PLACE;
    case PlaceState::logging_on: return v1::PLACE_STATE_LOGGING_ON;
    case PlaceState::changing: return v1::PLACE_STATE_CHANGING;
    case PlaceState::obstructed: return v1::PLACE_STATE_OBSTRUCTED;
  }
  return v1::PLACE_STATE_UNSPECIFIED;
}

void write_desired(const DeviceAdmission& admission, v1::DesiredAdmission* out) {
  out->set_standing(standing_message(admission.grant.standing));
  out->set_segment(admission.desired_segment);
  out->set_vlan(admission.desired.vlan.value_or(0));
  if (admission.desired.why_not) write_finding(*admission.desired.why_not, out->mutable_reason());
  for (const auto& one : admission.desired.certificates) {
    auto* certificate = out->add_certificates();
    certificate->set_certificate_serial(one.serial);
    certificate->set_authority_key_id(one.authority_key_id);
    *certificate->mutable_not_after() = rpc::write_time(one.not_after);
  }
  *out->mutable_decide_time() = rpc::write_time(admission.grant.decided_at);
}

void write_place(const AdmissionPlace& place, v1::AdmissionPlace* out) {
  *out->mutable_session() = message_of(place.session);
  if (place.port) *out->mutable_port() = message_of(*place.port);
  out->set_state(state_message(place.state));
  if (place.reason) write_finding(*place.reason, out->mutable_reason());
}

}  // namespace

v1::DeviceAdmission message_of(const DeviceAdmission& admission) {
  v1::DeviceAdmission out;
  out.set_device(admission.grant.device.name());
  out.set_serial_number(admission.grant.serial_number);
  write_desired(admission, out.mutable_desired());
  for (const auto& place : admission.places) write_place(place, out.add_places());
  if (admission.last_session) *out.mutable_last_session() = message_of(*admission.last_session);
  for (const auto& attempt : admission.refusals) *out.add_refusals() = message_of(attempt);
  return out;
}

}  // namespace pratique::network
