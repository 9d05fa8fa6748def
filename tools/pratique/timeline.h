// The story of a device: what happened, why, and what to do about it.
#pragma once

#include <string>

#include <pratique/registrar/v1/device.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/whereabouts.h"

namespace pratique::cli {

/// Oldest step first, so that the latest stands next to the prompt. `typed`: how the operator named the device.
/// `now`: where it is on the network, of a registered device.
void print_timeline(Context& context, const registrar::v1::ExplainDeviceResponse& story, const std::string& typed,
                    const Whereabouts& now = {});

}  // namespace pratique::cli
