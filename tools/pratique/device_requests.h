// From arguments to what is asked of the Devices API; no network.
#pragma once

#include <string>
#include <vector>

#include <google/protobuf/field_mask.pb.h>
#include <pratique/registrar/v1/device.pb.h>

#include "libs/base/result.h"
#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

/// What `devices add` and `devices update` may say of a device.
std::vector<Option> device_options();

/// `manufacturer` is a resource name.
Result<registrar::v1::Device> new_device(const Arguments& arguments, const std::string& manufacturer);
registrar::v1::ListDevicesRequest list_devices_request(const Arguments& arguments, const std::string& manufacturer);

/// Changes `device` as the arguments say and names what changed in `mask`; "--label KEY=" takes a label away.
/// INVALID_ARGUMENT NOTHING_TO_CHANGE.
Result<void> apply_changes(const Arguments& arguments, registrar::v1::Device& device,
                           google::protobuf::FieldMask& mask);

}  // namespace pratique::cli
