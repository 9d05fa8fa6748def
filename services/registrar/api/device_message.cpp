#include "services/registrar/api/device_message.h"

#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"

namespace pratique::registrar {
namespace {

v1::DeviceState state_message(DeviceState state) {
  switch (state) {
    case DeviceState::expected: return v1::DEVICE_STATE_EXPECTED;
    case DeviceState::pending: return v1::DEVICE_STATE_PENDING;
    case DeviceState::onboarding: return v1::DEVICE_STATE_ONBOARDING;
    case DeviceState::admitted: return v1::DEVICE_STATE_ADMITTED;
    case DeviceState::quarantined: return v1::DEVICE_STATE_QUARANTINED;
    case DeviceState::retired: return v1::DEVICE_STATE_RETIRED;
  }
  return v1::DEVICE_STATE_UNSPECIFIED;
}

}  // namespace

v1::Device message_of(const Device& device) {
  v1::Device out;
  out.set_name(device.id.name());
  out.set_display_name(device.display_name);
  out.set_manufacturer(device.manufacturer.name());
  out.set_serial_number(device.serial_number);
  out.set_model(device.model);
  out.set_state(state_message(device.state));
  out.set_segment(device.segment);
  out.set_credential_profile(device.credential_profile);
  out.set_effective_segment(effective_segment(device));
  out.set_effective_credential_profile(effective_profile(device));
  out.set_location(device.location);
  for (const auto& [name, value] : device.labels) (*out.mutable_labels())[name] = value;
  *out.mutable_create_time() = rpc::write_time(device.create_time);
  *out.mutable_update_time() = rpc::write_time(device.update_time);
  if (device.last_seen_time) *out.mutable_last_seen_time() = rpc::write_time(*device.last_seen_time);
  out.set_idevid_fingerprint(device.idevid_fingerprint);
  out.set_mud_url(device.mud_url);
  out.set_decision(name_of(device.decision));
  out.set_credential(name_of(device.credential));
  out.set_onboarding_count(device.onboarding_count);
  out.set_etag(rpc::make_etag(device.id.name(), device.version));
  return out;
}

Result<Device> read_device(const v1::Device& message) {
  Device out;
  TRY(out.manufacturer, ManufacturerId::parse_name(message.manufacturer()).with_context("device.manufacturer"));
  out.serial_number = message.serial_number();
  out.model = message.model();
  out.display_name = message.display_name();
  out.segment = message.segment();
  out.credential_profile = message.credential_profile();
  out.location = message.location();
  out.labels.insert(message.labels().begin(), message.labels().end());
  return out;
}

Result<std::optional<DeviceState>> read_state(v1::DeviceState state) {
  if (state == v1::DEVICE_STATE_UNSPECIFIED) return std::optional<DeviceState>{};
  for (const auto known : kDeviceStates)
    if (state_message(known) == state) return std::optional(known);
  return field_invalid("state", "is unknown");
}

}  // namespace pratique::registrar
