// The authenticator beside a switch that knows no 802.1X, such as Open vSwitch: hostapd on each port, watched and told
// through its control sockets. It enforces nothing; what it tells opens and closes ports by the switch's own adapter.
//
//   TRY(auto adapter, make_hostapd_adapter({.ports = {{"p1", "/run/pratique/hostapd/p1"}}}));
//   adapter->watch(listener);      // for each port: all_lost once hostapd answers, then station_on and station_off
//
// Capabilities: watch_stations, end_session. `apply` and `observe` say SWITCH_CAPABILITY_MISSING.
// One thread for all ports. A port whose hostapd ends, or does not answer a PING, is authenticator_lost, once, until it
// answers again; a port whose hostapd is not there at the start, too.
//
// A station that was logged off cannot log on for 5 s: until then hostapd 2.10 keeps its remains, says AP-STA-CONNECTED
// to a login and AP-STA-DISCONNECTED right after, and the station believes to be on. docs/enforcement.md.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/hostapd/monitor.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

struct HostapdPort {
  std::string port;               // the switch's name for it
  std::filesystem::path control;  // the socket: hostapd's ctrl_interface folder and the interface's name
};

struct HostapdConfig {
  std::vector<HostapdPort> ports = {};
  hostapd::MonitorTimes times = {};
  std::chrono::milliseconds retry_interval{500};  // of a port without hostapd
};

/// INVALID_ARGUMENT FIELD_INVALID: no port, one twice, a path that is none for a socket.
Result<std::unique_ptr<SwitchAdapter>> make_hostapd_adapter(HostapdConfig config);

}  // namespace pratique::network
