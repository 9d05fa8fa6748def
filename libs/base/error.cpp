#include "libs/base/error.h"

namespace pratique {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "INVALID_ARGUMENT";
    case ErrorCode::unauthenticated: return "UNAUTHENTICATED";
    case ErrorCode::permission_denied: return "PERMISSION_DENIED";
    case ErrorCode::not_found: return "NOT_FOUND";
    case ErrorCode::already_exists: return "ALREADY_EXISTS";
    case ErrorCode::failed_precondition: return "FAILED_PRECONDITION";
    case ErrorCode::aborted: return "ABORTED";
    case ErrorCode::out_of_range: return "OUT_OF_RANGE";
    case ErrorCode::resource_exhausted: return "RESOURCE_EXHAUSTED";
    case ErrorCode::unavailable: return "UNAVAILABLE";
    case ErrorCode::deadline_exceeded: return "DEADLINE_EXCEEDED";
    case ErrorCode::cancelled: return "CANCELLED";
    case ErrorCode::unimplemented: return "UNIMPLEMENTED";
    case ErrorCode::data_loss: return "DATA_LOSS";
    case ErrorCode::internal: return "INTERNAL";
  }
  return "INTERNAL";
}

Error Error::with_context(std::string_view context) && {
  message = std::string(context) + ": " + message;
  return std::move(*this);
}

Error Error::with(std::string_view key, std::string_view value) && {
  evidence.emplace_back(key, value);
  return std::move(*this);
}

namespace {
Error make(ErrorCode code, std::string_view reason, std::string_view message) {
  return Error{.code = code, .reason = std::string(reason), .message = std::string(message)};
}
}  // namespace

Error invalid(std::string_view r, std::string_view m) { return make(ErrorCode::invalid_argument, r, m); }
Error not_found(std::string_view r, std::string_view m) { return make(ErrorCode::not_found, r, m); }
Error failed_precondition(std::string_view r, std::string_view m) { return make(ErrorCode::failed_precondition, r, m); }
Error unavailable(std::string_view r, std::string_view m) { return make(ErrorCode::unavailable, r, m); }
Error internal(std::string_view r, std::string_view m) { return make(ErrorCode::internal, r, m); }

}  // namespace pratique
