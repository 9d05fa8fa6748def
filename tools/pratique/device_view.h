// Devices for people.
#pragma once

#include <string>

#include <pratique/registrar/v1/device.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/names.h"
#include "tools/pratique/whereabouts.h"

namespace pratique::cli {

void print_devices(Context& context, const registrar::v1::ListDevicesResponse& devices);
void print_device(Context& context, const registrar::v1::Device& device, const Whereabouts& now);
/// What an operator most likely does next with a device in this state.
std::string next_step(const registrar::v1::Device& device);

}  // namespace pratique::cli
