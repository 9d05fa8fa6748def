// Where a device is on the network now, and who refused it there. Told beside what the registrar knows: without a
// network service, or with one that does not answer, the rest is told all the same.
#pragma once

#include <string>

#include <pratique/network/v1/admission.pb.h>

#include "tools/pratique/context.h"

namespace pratique::cli {

/// Empty as it is made: nobody was asked.
struct Whereabouts {
  bool asked = false;
  std::string unknown = {};  // why it is not known; empty: it is
  network::v1::DeviceAdmission admission = {};
};

Whereabouts look_for(Context& context, const std::string& device);
void print_whereabouts(Context& context, const Whereabouts& now);
/// What to do about a device that was refused last, and is on no port; "" where that is not so.
std::string next_step(const Whereabouts& now);

}  // namespace pratique::cli
