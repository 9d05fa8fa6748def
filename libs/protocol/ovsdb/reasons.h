// Why a message, a value, a change or a session is refused: the reasons of this room's Errors. Those of the first two
// groups say that the server broke the protocol, and end the session (session.h); reasons of libs/codec/json do so too.
#pragma once

#include <string_view>

namespace pratique::ovsdb::reason {

// Framing and the envelope (RFC 7047 section 4).
inline constexpr std::string_view kFraming = "OVSDB_FRAMING";
inline constexpr std::string_view kMessageTooLarge = "OVSDB_MESSAGE_TOO_LARGE";
inline constexpr std::string_view kMessageTooDeep = "OVSDB_MESSAGE_TOO_DEEP";
inline constexpr std::string_view kMessageInvalid = "OVSDB_MESSAGE_INVALID";
inline constexpr std::string_view kAnswerUnknown = "OVSDB_ANSWER_UNKNOWN";
inline constexpr std::string_view kAnswerRepeated = "OVSDB_ANSWER_REPEATED";
inline constexpr std::string_view kRequestForbidden = "OVSDB_REQUEST_FORBIDDEN";
inline constexpr std::string_view kNotificationUnexpected = "OVSDB_NOTIFICATION_UNEXPECTED";
inline constexpr std::string_view kEchoTooLarge = "OVSDB_ECHO_TOO_LARGE";
// Contents (sections 3.2, 4.1 and 5.1).
inline constexpr std::string_view kValueInvalid = "OVSDB_VALUE_INVALID";
inline constexpr std::string_view kResultInvalid = "OVSDB_RESULT_INVALID";
inline constexpr std::string_view kUpdateInvalid = "OVSDB_UPDATE_INVALID";
inline constexpr std::string_view kSchemaInvalid = "OVSDB_SCHEMA_INVALID";
// What our own side may not ask; the session lives on.
inline constexpr std::string_view kValueUnsendable = "OVSDB_VALUE_UNSENDABLE";
inline constexpr std::string_view kTooManyPending = "OVSDB_TOO_MANY_PENDING";
inline constexpr std::string_view kTooManyMonitors = "OVSDB_TOO_MANY_MONITORS";
inline constexpr std::string_view kTooManyLocks = "OVSDB_TOO_MANY_LOCKS";
inline constexpr std::string_view kOutputFull = "OVSDB_OUTPUT_FULL";  // by the server's echoes: ends the session
inline constexpr std::string_view kMonitorState = "OVSDB_MONITOR_STATE";
inline constexpr std::string_view kLockState = "OVSDB_LOCK_STATE";
inline constexpr std::string_view kChangeInvalid = "OVSDB_CHANGE_INVALID";
// What a transaction did not do.
inline constexpr std::string_view kTransactionFailed = "OVSDB_TRANSACTION_FAILED";
inline constexpr std::string_view kNoSuchRow = "OVSDB_NO_SUCH_ROW";
inline constexpr std::string_view kCountUnexpected = "OVSDB_COUNT_UNEXPECTED";
inline constexpr std::string_view kNothingCounted = "OVSDB_NOTHING_COUNTED";
inline constexpr std::string_view kNothingSelected = "OVSDB_NOTHING_SELECTED";
inline constexpr std::string_view kOtherTransaction = "OVSDB_OTHER_TRANSACTION";
// What rows do not say.
inline constexpr std::string_view kColumnMissing = "OVSDB_COLUMN_MISSING";
inline constexpr std::string_view kColumnType = "OVSDB_COLUMN_TYPE";
inline constexpr std::string_view kColumnValue = "OVSDB_COLUMN_VALUE";
inline constexpr std::string_view kImageDiverged = "OVSDB_IMAGE_DIVERGED";
inline constexpr std::string_view kImageFull = "OVSDB_IMAGE_FULL";
inline constexpr std::string_view kSchemaLacks = "OVSDB_SCHEMA_LACKS";
inline constexpr std::string_view kSwitchEmpty = "OVSDB_SWITCH_EMPTY";

}  // namespace pratique::ovsdb::reason
