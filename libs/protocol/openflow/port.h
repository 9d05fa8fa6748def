// Ports, and word of their coming, going and changing (OpenFlow 1.4.0 sections 7.2, 7.3.5 and 7.4, ofp_port,
// ofp_port_status).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/address.h"

namespace pratique::openflow {

struct Port {
  std::uint32_t number = 0;
  std::string name = {};  // printable ASCII; other bytes become '?'
  MacAddress address{};
  bool down_by_config = false;
  bool link_down = false;
  bool blocked = false;

  bool operator==(const Port&) const = default;
};

enum class PortChange : std::uint8_t { added = 0, removed = 1, modified = 2 };

struct PortStatus {
  PortChange change = PortChange::added;
  Port port = {};

  bool operator==(const PortStatus&) const = default;
};

/// The entries of one part of a port description.
Result<std::vector<Port>> parse_ports(ByteView body);
Result<PortStatus> parse_port_status(ByteView body);

}  // namespace pratique::openflow
