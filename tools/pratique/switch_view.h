// Switches for people.
#pragma once

#include <pratique/network/v1/switch.pb.h>

#include "tools/pratique/context.h"

namespace pratique::cli {

void print_switches(Context& context, const network::v1::ListSwitchesResponse& switches);
void print_switch(Context& context, const network::v1::NetworkSwitch& one);

}  // namespace pratique::cli
