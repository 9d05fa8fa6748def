// Why a message, a flow or a session is refused: the reasons of this room's Errors. All but those of the last group
// say that the switch broke the protocol, and end the session (session.h).
#pragma once

#include <string_view>

namespace pratique::openflow::reason {

// Framing and contents (OpenFlow 1.4.0 section 7).
inline constexpr std::string_view kLengthInvalid = "OPENFLOW_LENGTH_INVALID";
inline constexpr std::string_view kOversize = "OPENFLOW_OVERSIZE";
inline constexpr std::string_view kVersionWrong = "OPENFLOW_VERSION_WRONG";
inline constexpr std::string_view kMalformed = "OPENFLOW_MESSAGE_MALFORMED";
inline constexpr std::string_view kUnexpected = "OPENFLOW_MESSAGE_UNEXPECTED";
// The opening (section 6.3.1).
inline constexpr std::string_view kHelloExpected = "OPENFLOW_HELLO_EXPECTED";
inline constexpr std::string_view kHelloTwice = "OPENFLOW_HELLO_TWICE";
inline constexpr std::string_view kHelloRefused = "OPENFLOW_HELLO_REFUSED";
inline constexpr std::string_view kNoCommonVersion = "OPENFLOW_NO_COMMON_VERSION";
inline constexpr std::string_view kFeaturesRefused = "OPENFLOW_FEATURES_REFUSED";
// Answers and their questions.
inline constexpr std::string_view kXidUnknown = "OPENFLOW_XID_UNKNOWN";
inline constexpr std::string_view kXidAnswered = "OPENFLOW_XID_ANSWERED";
inline constexpr std::string_view kAnswerType = "OPENFLOW_ANSWER_TYPE";
inline constexpr std::string_view kMultipartTooLarge = "OPENFLOW_MULTIPART_TOO_LARGE";
// What our own side may not ask; the session lives on (but for kSessionOver, which says that it does not).
inline constexpr std::string_view kNotReady = "OPENFLOW_NOT_READY";
inline constexpr std::string_view kSessionOver = "OPENFLOW_SESSION_OVER";
inline constexpr std::string_view kTooManyPending = "OPENFLOW_TOO_MANY_PENDING";
inline constexpr std::string_view kXidsExhausted = "OPENFLOW_XIDS_EXHAUSTED";
inline constexpr std::string_view kBundleBusy = "OPENFLOW_BUNDLE_BUSY";
inline constexpr std::string_view kBundleInvalid = "OPENFLOW_BUNDLE_INVALID";
inline constexpr std::string_view kPrerequisiteMissing = "OPENFLOW_PREREQUISITE_MISSING";
inline constexpr std::string_view kFlowInvalid = "OPENFLOW_FLOW_INVALID";
inline constexpr std::string_view kMessageTooLarge = "OPENFLOW_MESSAGE_TOO_LARGE";

}  // namespace pratique::openflow::reason
