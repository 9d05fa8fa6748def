// Where a device is on the network now, and who refused it there. Told beside what the registrar knows: without a
// network service, or with one that does not answer, the rest is told all the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <pratique/network/v1/session.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/port_wait.h"

namespace pratique::cli {

/// Empty as it is made: nobody was asked.
struct Whereabouts {
  bool asked = false;
  std::string unknown = {};                        // why it is not known; empty: it is
  std::vector<Place> open = {};                    // where it is on
  std::optional<network::v1::Session> last = {};   // where it was, if it is nowhere
  std::vector<network::v1::Attempt> refused = {};  // the last ones, newest first
};

Whereabouts look_for(Context& context, const std::string& device);
void print_whereabouts(Context& context, const Whereabouts& now);
/// What to do about a device that was refused last, and is on no port; "" where that is not so.
std::string next_step(const Whereabouts& now);

}  // namespace pratique::cli
