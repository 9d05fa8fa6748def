// What went wrong, in a form that each edge (gRPC, HTTP, command line) can map once.
//
// A function returns an Error or logs it, never both. An Error is about *us failing* or *input being
// unusable*; a judgement of good input ("this device may not join") is a verdict of its own type.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pratique {

/// The kind, one to one with gRPC's canonical codes; libs/rpc and the fronts map it to their status.
enum class ErrorCode {
  invalid_argument,     // the request is wrong whatever our state is; `message` says where
  unauthenticated,      // no identity, or one that does not verify
  permission_denied,    // identity known, not allowed
  not_found,
  already_exists,
  failed_precondition,  // right request, wrong state; do not retry unchanged
  aborted,              // lost a race (etag, serialization); read again and retry
  out_of_range,
  resource_exhausted,   // a limit or a full queue; retry later
  unavailable,          // a peer or the database does not answer; retry
  deadline_exceeded,
  cancelled,
  unimplemented,
  data_loss,            // stored data does not verify (a broken chain, a wrong tag)
  internal,             // a defect of ours
};

std::string_view to_string(ErrorCode code);

/// `reason` is a constant of the service's catalogue (UPPER_SNAKE_CASE, e.g. "VOUCHER_NONCE_MISMATCH"),
/// `message` is for a human: lower case, no full stop, never a secret. `evidence` holds what was seen
/// ("serial" -> "00-D0-E5-F2-00-02"), shown to operators, never to devices.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::internal;
  std::string reason;
  std::string message;
  std::vector<std::pair<std::string, std::string>> evidence = {};

  /// The same error with `context + ": "` before its message.
  Error with_context(std::string_view context) &&;
  /// The same error with one more piece of evidence.
  Error with(std::string_view key, std::string_view value) &&;
};

/// Short forms: Error invalid("JSON_TOO_DEEP", "nesting is limited to 32").
Error invalid(std::string_view reason, std::string_view message);
Error not_found(std::string_view reason, std::string_view message);
Error failed_precondition(std::string_view reason, std::string_view message);
Error unavailable(std::string_view reason, std::string_view message);
Error internal(std::string_view reason, std::string_view message);

}  // namespace pratique
