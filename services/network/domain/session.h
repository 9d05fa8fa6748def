// A stay of a device on a port, from its admission to its end: who was where when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"
#include "services/network/domain/segment.h"

namespace pratique::network {

enum class SessionState {
  accepted,  // RADIUS said yes; the switch has not said that the station is on
  live,
  ended,
};
std::string_view to_string(SessionState state);
Result<SessionState> parse_session_state(std::string_view word);

struct Session {
  SessionId id = {};
  DeviceId device = {};
  SwitchId on_switch = {};
  std::string switch_name = {};  // as it was then
  PortId port = {};
  std::string port_name = {};
  MacAddress mac = {};
  std::string user_name = {};
  std::string accounting_id = {};
  std::string certificate_serial = {};
  std::string authority_key_id = {};
  std::optional<VlanId> given_vlan = {};  // of the Access-Accept, where it named one
  SessionState state = SessionState::accepted;
  Timestamp accept_time = {};
  std::optional<Timestamp> start_time = {};
  Timestamp heard_time = {};
  std::optional<Timestamp> end_time = {};
  std::string end_code = {};      // of reasons.h; before end_time: it is to be ended, and the switch not told yet
  std::string end_message = {};
  std::int64_t input_octets = 0, output_octets = 0;
  std::vector<std::string> framed_addresses = {};
  bool accounted = false;         // the switch sends accounting: silence means something
};

/// What a RADIUS server saw.
enum class RadiusReportKind { accept, start, interim, stop };
std::string_view to_string(RadiusReportKind kind);
Result<RadiusReportKind> parse_radius_report_kind(std::string_view word);

struct RadiusReport {
  RadiusReportKind kind = RadiusReportKind::accept;
  Timestamp at = {};
  std::string nas_address = {};
  std::string nas_identifier = {};
  std::string nas_port_id = {};
  std::string calling_station_id = {};
  std::string user_name = {};
  std::string accounting_id = {};
  std::string certificate_serial = {};  // lower-case hex without leading zero octets
  std::string authority_key_id = {};
  std::optional<VlanId> given_vlan = {};
  std::int64_t input_octets = 0, output_octets = 0;
  std::vector<std::string> framed_addresses = {};
  std::string terminate_cause = {};
};

}  // namespace pratique::network
