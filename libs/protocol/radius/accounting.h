// An Accounting-Request as a record (RFC 2866, RFC 2869, RFC 3580): what a NAS says about a session.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// RFC 2866 section 5.1. Any other value can stand in a packet, too.
enum class AcctStatus : std::uint32_t {
  start = 1,
  stop = 2,
  interim_update = 3,
  accounting_on = 7,
  accounting_off = 8
};
std::string to_string(AcctStatus status);  // "Start"; "Acct-Status-Type 15"
/// RFC 2866 section 5.10: "User-Request" for 1; "Acct-Terminate-Cause 99".
std::string terminate_cause_text(std::uint32_t cause);

struct Traffic {
  std::uint64_t octets = 0;  // Gigawords included
  std::uint64_t packets = 0;
  bool operator==(const Traffic&) const = default;
};

struct AccountingRecord {
  AcctStatus status;
  std::string session_id;
  std::string multi_session_id = {};
  // Who and where.
  std::string user_name = {};
  std::string calling_station_id = {};         // as written
  std::optional<MacAddress> calling_mac = {};  // where it is one
  std::string called_station_id = {};          // a MAC, with WLAN ":SSID" behind it
  std::string nas_identifier = {};
  std::optional<IpAddress> nas_address = {};
  std::string nas_port_id = {};
  std::optional<std::uint32_t> nas_port = {};
  std::optional<IpAddress> framed_address = {};
  std::vector<Bytes> classes = {};  // what our Access-Accept said, echoed
  // When, how much, why.
  std::optional<Timestamp> event_time = {};  // by the NAS's clock
  std::chrono::seconds delay{0};             // since it happened
  std::chrono::seconds session_time{0};
  Traffic from_device = {}, to_device = {};  // Acct-Input, Acct-Output
  std::optional<std::uint32_t> terminate_cause = {};
};

/// INVALID_ARGUMENT RADIUS_ATTRIBUTE_MISSING (Acct-Status-Type, Acct-Session-Id, or all that could name the NAS),
/// RADIUS_ATTRIBUTE_INVALID, RADIUS_ATTRIBUTE_REPEATED; each names the attribute.
Result<AccountingRecord> read_accounting(const Packet& request);

}  // namespace pratique::radius
