// The tables of error_message.h: OpenFlow 1.4.0 section 7, ofp_error_type and its codes, for what concerns the messages
// that we send.
#include <array>
#include <span>

#include "libs/protocol/openflow/error_message.h"

namespace pratique::openflow {
namespace {

using Name = std::string_view;

constexpr std::array<Name, 18> kTypes{
    "HELLO_FAILED",         "BAD_REQUEST",         "BAD_ACTION",       "BAD_INSTRUCTION",       "BAD_MATCH",
    "FLOW_MOD_FAILED",      "GROUP_MOD_FAILED",    "PORT_MOD_FAILED",  "TABLE_MOD_FAILED",      "QUEUE_OP_FAILED",
    "SWITCH_CONFIG_FAILED", "ROLE_REQUEST_FAILED", "METER_MOD_FAILED", "TABLE_FEATURES_FAILED", "BAD_PROPERTY",
    "ASYNC_CONFIG_FAILED",  "FLOW_MONITOR_FAILED", "BUNDLE_FAILED"};

constexpr std::array<Name, 2> kHelloFailed{"INCOMPATIBLE", "EPERM"};
constexpr std::array<Name, 14> kBadRequest{
    "BAD_VERSION", "BAD_TYPE", "BAD_MULTIPART", "BAD_EXPERIMENTER",         "BAD_EXP_TYPE",
    "EPERM",       "BAD_LEN",  "BUFFER_EMPTY",  "BUFFER_UNKNOWN",           "BAD_TABLE_ID",
    "IS_SLAVE",    "BAD_PORT", "BAD_PACKET",    "MULTIPART_BUFFER_OVERFLOW"};
constexpr std::array<Name, 16> kBadAction{
    "BAD_TYPE", "BAD_LEN",      "BAD_EXPERIMENTER", "BAD_EXP_TYPE",    "BAD_OUT_PORT",       "BAD_ARGUMENT",
    "EPERM",    "TOO_MANY",     "BAD_QUEUE",        "BAD_OUT_GROUP",   "MATCH_INCONSISTENT", "UNSUPPORTED_ORDER",
    "BAD_TAG",  "BAD_SET_TYPE", "BAD_SET_LEN",      "BAD_SET_ARGUMENT"};
constexpr std::array<Name, 10> kBadInstruction{
    "UNKNOWN_INST",     "UNSUP_INST",   "BAD_TABLE_ID", "UNSUP_METADATA", "UNSUP_METADATA_MASK",
    "BAD_EXPERIMENTER", "BAD_EXP_TYPE", "BAD_LEN",      "EPERM",          "DUP_INST"};
constexpr std::array<Name, 12> kBadMatch{"BAD_TYPE",         "BAD_LEN",       "BAD_TAG",   "BAD_DL_ADDR_MASK",
                                         "BAD_NW_ADDR_MASK", "BAD_WILDCARDS", "BAD_FIELD", "BAD_VALUE",
                                         "BAD_MASK",         "BAD_PREREQ",    "DUP_FIELD", "EPERM"};
constexpr std::array<Name, 8> kFlowModFailed{"UNKNOWN", "TABLE_FULL",  "BAD_TABLE_ID", "OVERLAP",
                                             "EPERM",   "BAD_TIMEOUT", "BAD_COMMAND",  "BAD_FLAGS"};
constexpr std::array<Name, 3> kSwitchConfigFailed{"BAD_FLAGS", "BAD_LEN", "EPERM"};
constexpr std::array<Name, 3> kRoleRequestFailed{"STALE", "UNSUP", "BAD_ROLE"};
constexpr std::array<Name, 9> kBadProperty{"BAD_TYPE",         "BAD_LEN",      "BAD_VALUE",     "TOO_MANY", "DUP_TYPE",
                                           "BAD_EXPERIMENTER", "BAD_EXP_TYPE", "BAD_EXP_VALUE", "EPERM"};
constexpr std::array<Name, 16> kBundleFailed{"UNKNOWN",       "EPERM",          "BAD_ID",    "BUNDLE_EXIST",
                                             "BUNDLE_CLOSED", "OUT_OF_BUNDLES", "BAD_TYPE",  "BAD_FLAGS",
                                             "MSG_BAD_LEN",   "MSG_BAD_XID",    "MSG_UNSUP", "MSG_CONFLICT",
                                             "MSG_TOO_MANY",  "MSG_FAILED",     "TIMEOUT",   "BUNDLE_IN_PROGRESS"};

Name at(std::span<const Name> names, std::size_t index) { return index < names.size() ? names[index] : Name(); }

}  // namespace

std::string_view error_type_name(std::uint16_t type) {
  return type == kErrorExperimenter ? "EXPERIMENTER" : at(kTypes, type);
}

std::string_view error_code_name(std::uint16_t type, std::uint16_t code) {
  switch (type) {
    case kErrorHelloFailed: return at(kHelloFailed, code);
    case kErrorBadRequest: return at(kBadRequest, code);
    case kErrorBadAction: return at(kBadAction, code);
    case kErrorBadInstruction: return at(kBadInstruction, code);
    case kErrorBadMatch: return at(kBadMatch, code);
    case kErrorFlowModFailed: return at(kFlowModFailed, code);
    case kErrorSwitchConfigFailed: return at(kSwitchConfigFailed, code);
    case kErrorRoleRequestFailed: return at(kRoleRequestFailed, code);
    case kErrorBadProperty: return at(kBadProperty, code);
    case kErrorBundleFailed: return at(kBundleFailed, code);
    default: return {};
  }
}

std::string_view nicira_error_name(std::uint16_t code) {
  switch (code) {
    case 2: return "NXBRC_NXM_INVALID";
    case 3: return "NXBRC_NXM_BAD_TYPE";
    case 4: return "NXBRC_MUST_BE_ZERO";
    case 10: return "NXBRC_UNENCODABLE_ERROR";
    case 11: return "NXBAC_MUST_BE_ZERO";
    case 12: return "NXFMFC_HARDWARE";
    case 13: return "NXFMFC_BAD_TABLE_ID";
    case 15: return "NXBAC_BAD_CONJUNCTION";
    case 22: return "OFPBFC_BAD_VERSION";
    default: return {};
  }
}

}  // namespace pratique::openflow
