// An 802.1X logon at a port, as RADIUS answered it. Equal ones at a port are one, with their number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"
#include "services/network/domain/segment.h"

namespace pratique::network {

struct Attempt {
  bool accepted = false;
  std::string code = {};           // of reasons.h; empty where it was accepted
  std::string detail = {};         // what TLS said, where it refused before a certificate was judged
  DeviceId device = {};            // empty: the certificate is nobody's
  SwitchId on_switch = {};         // empty: none that is registered; likewise the port
  std::string switch_name = {};
  PortId port = {};
  std::string port_name = {};
  std::string station = {};        // its MAC address as we write it, or what came
  std::string user_name = {};      // what whoever tried chose to say
  std::string certificate_serial = {};
  std::string authority_key_id = {};
  std::string nas_address = {};
  std::string nas_identifier = {};
  std::string nas_port_id = {};
  std::optional<VlanId> vlan = {};  // of an accept that named one
  std::int64_t times = 0;
  Timestamp first_time = {};
  Timestamp last_time = {};
};

}  // namespace pratique::network
