// What PostgreSQL said, as an Error, and what it means for the connection and the transaction.
// For this room's own files.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/error.h"

namespace pratique::pg {

struct Failure {
  Error error = {};
  bool broken = false;     // the connection is of no use any more
  bool retryable = false;  // the same transaction may succeed when run again
};

/// PostgreSQL's diagnostic fields; DETAIL is left out, for it repeats values, which may be secret.
struct Diagnosis {
  std::string_view sqlstate = {};
  std::string_view message = {};
  std::string_view constraint = {};
  std::string_view column = {};
};

/// Names our statement in the message.
Failure failure_of_sqlstate(const Diagnosis& said, std::string_view what);

/// The first line without its severity.
std::string headline(std::string_view message);

}  // namespace pratique::pg
