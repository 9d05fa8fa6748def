// What a switch says when it refuses a request (OpenFlow 1.4.0 section 7, ofp_error_msg), with the names of its codes.
//
// The xid of the message is the refused request's; `data` begins with that request as it arrived.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

inline constexpr std::size_t kMaxErrorData = 64;  // kept of what the switch repeats; the spec asks it for as many
inline constexpr std::uint16_t kErrorHelloFailed = 0, kErrorBadRequest = 1, kErrorBadAction = 2,
                               kErrorBadInstruction = 3, kErrorBadMatch = 4, kErrorFlowModFailed = 5,
                               kErrorSwitchConfigFailed = 10, kErrorRoleRequestFailed = 11, kErrorBadProperty = 14,
                               kErrorBundleFailed = 17, kErrorExperimenter = 0xffff;

struct ErrorMessage {
  std::uint16_t type = 0;
  std::uint16_t code = 0;          // for kErrorExperimenter the experimenter's own number
  std::uint32_t experimenter = 0;  // for kErrorExperimenter alone
  Bytes data;                      // at most kMaxErrorData

  /// The type of the refused message, as far as the data tell it.
  std::optional<MessageType> refused_type() const;
  /// "BAD_MATCH BAD_PREREQ (4/9)", "FLOW_MOD_FAILED code 99 (5/99)"; of HELLO_FAILED also its text.
  std::string text() const;

  bool operator==(const ErrorMessage&) const = default;
};

/// "BAD_MATCH"; empty if the spec's table has no such type.
std::string_view error_type_name(std::uint16_t type);
/// "BAD_PREREQ"; empty if the table of this type has no such code, or is none that concerns what we send.
std::string_view error_code_name(std::uint16_t type, std::uint16_t code);
/// Open vSwitch's own codes (nicira-ext, type 0xffff): "NXBAC_BAD_CONJUNCTION"; empty if unknown.
std::string_view nicira_error_name(std::uint16_t code);

Result<ErrorMessage> parse_error(ByteView body);
/// HELLO_FAILED INCOMPATIBLE, as section 6.3.1 asks of the side that finds no common version.
Bytes encode_hello_failed(Xid xid, std::string_view text);

}  // namespace pratique::openflow
