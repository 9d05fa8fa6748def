#include "libs/protocol/radius/accounting.h"

#include <array>

#include "libs/protocol/radius/values.h"

namespace pratique::radius {
namespace {

constexpr std::array<std::string_view, 19> kTerminateCauses = {"",
                                                               "User-Request",
                                                               "Lost-Carrier",
                                                               "Lost-Service",
                                                               "Idle-Timeout",
                                                               "Session-Timeout",
                                                               "Admin-Reset",
                                                               "Admin-Reboot",
                                                               "Port-Error",
                                                               "NAS-Error",
                                                               "NAS-Request",
                                                               "NAS-Reboot",
                                                               "Port-Unneeded",
                                                               "Port-Preempted",
                                                               "Port-Suspended",
                                                               "Service-Unavailable",
                                                               "Callback",
                                                               "User-Error",
                                                               "Host-Request"};

Result<void> read_text(const Packet& packet, AttributeType type, std::string& into) {
  TRY(auto text, find_text(packet, type));
  into = std::move(text).value_or("");
  return {};
}

/// 0 where it is absent.
Result<std::uint32_t> count_of(const Packet& packet, AttributeType type) {
  TRY(const auto value, find_integer(packet, type));
  return value.value_or(0);
}

Result<Traffic> read_traffic(const Packet& packet, AttributeType octets, AttributeType gigawords,
                             AttributeType packets) {
  TRY(const auto low, count_of(packet, octets));
  TRY(const auto high, count_of(packet, gigawords));
  TRY(const auto of_packets, count_of(packet, packets));
  return Traffic{.octets = static_cast<std::uint64_t>(high) << 32 | low, .packets = of_packets};
}

Result<void> read_who(const Packet& packet, AccountingRecord& record) {
  TRY_VOID(read_text(packet, AttributeType::acct_multi_session_id, record.multi_session_id));
  TRY_VOID(read_text(packet, AttributeType::user_name, record.user_name));
  TRY_VOID(read_text(packet, AttributeType::calling_station_id, record.calling_station_id));
  if (const auto mac = MacAddress::parse(record.calling_station_id)) record.calling_mac = *mac;
  TRY_VOID(read_text(packet, AttributeType::called_station_id, record.called_station_id));
  TRY_VOID(read_text(packet, AttributeType::nas_identifier, record.nas_identifier));
  TRY(record.nas_address, find_address(packet, AttributeType::nas_ip_address));
  if (!record.nas_address) {
    TRY(record.nas_address, find_address(packet, AttributeType::nas_ipv6_address));
  }
  if (record.nas_identifier.empty() && !record.nas_address)
    return invalid("RADIUS_ATTRIBUTE_MISSING", "NAS-Identifier and NAS-IP-Address are missing, both");
  TRY_VOID(read_text(packet, AttributeType::nas_port_id, record.nas_port_id));
  TRY(record.nas_port, find_integer(packet, AttributeType::nas_port));
  TRY(record.framed_address, find_address(packet, AttributeType::framed_ip_address));
  if (!record.framed_address) {
    TRY(record.framed_address, find_address(packet, AttributeType::framed_ipv6_address));
  }
  record.classes = all_octets(packet, AttributeType::class_value);
  return {};
}

Result<void> read_how_much(const Packet& packet, AccountingRecord& record) {
  TRY(record.event_time, find_time(packet, AttributeType::event_timestamp));
  TRY(const auto delay, count_of(packet, AttributeType::acct_delay_time));
  record.delay = std::chrono::seconds(delay);
  TRY(const auto session_time, count_of(packet, AttributeType::acct_session_time));
  record.session_time = std::chrono::seconds(session_time);
  TRY(record.from_device, read_traffic(packet, AttributeType::acct_input_octets, AttributeType::acct_input_gigawords,
                                       AttributeType::acct_input_packets));
  TRY(record.to_device, read_traffic(packet, AttributeType::acct_output_octets, AttributeType::acct_output_gigawords,
                                     AttributeType::acct_output_packets));
  TRY(record.terminate_cause, find_integer(packet, AttributeType::acct_terminate_cause));
  return {};
}

}  // namespace

std::string to_string(AcctStatus status) {
  switch (status) {
    case AcctStatus::start: return "Start";
    case AcctStatus::stop: return "Stop";
    case AcctStatus::interim_update: return "Interim-Update";
    case AcctStatus::accounting_on: return "Accounting-On";
    case AcctStatus::accounting_off: return "Accounting-Off";
  }
  return "Acct-Status-Type " + std::to_string(static_cast<std::uint32_t>(status));
}

std::string terminate_cause_text(std::uint32_t cause) {
  if (cause != 0 && cause < kTerminateCauses.size()) return std::string(kTerminateCauses[cause]);
  return "Acct-Terminate-Cause " + std::to_string(cause);
}

Result<AccountingRecord> read_accounting(const Packet& request) {
  TRY(const auto status, get_integer(request, AttributeType::acct_status_type));
  TRY(auto session_id, get_text(request, AttributeType::acct_session_id));
  AccountingRecord record{.status = AcctStatus{status}, .session_id = std::move(session_id)};
  TRY_VOID(read_who(request, record));
  TRY_VOID(read_how_much(request, record));
  return record;
}

}  // namespace pratique::radius
