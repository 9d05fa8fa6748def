// Devices on the wire.
#pragma once

#include <optional>

#include "libs/base/result.h"
#include "pratique/registrar/v1/device.pb.h"
#include "services/registrar/domain/device.h"

namespace pratique::registrar {

v1::Device message_of(const Device& device);
/// Manufacturer, serial number, model and what operators change; the rest is ours to say. INVALID_ARGUMENT ID_INVALID.
Result<Device> read_device(const v1::Device& message);
/// Unspecified: none. FIELD_INVALID.
Result<std::optional<DeviceState>> read_state(v1::DeviceState state);

}  // namespace pratique::registrar
