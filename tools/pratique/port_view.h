// Ports for people.
#pragma once

#include <string>

#include <pratique/network/v1/admission.pb.h>
#include <pratique/network/v1/switch.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/network_names.h"
#include "tools/pratique/terminal/table.h"

namespace pratique::cli {

/// "cameras (VLAN 20)"; "" for nothing known.
std::string segment_text(const network::v1::PortView& view);
/// "well", "pending", or the code of what is wrong.
Cell condition_cell(const network::v1::Port& port);
/// "in place", "logging on", "changing", "obstructed": a device at its port.
Cell place_cell(network::v1::PlaceState state);

void print_ports(Context& context, const network::v1::ListPortsResponse& ports);
void print_port(Context& context, const network::v1::Port& port);
/// As a word of the command line: "hall-1/p3".
std::string port_word(NetworkNames& names, const network::v1::Port& port);

}  // namespace pratique::cli
