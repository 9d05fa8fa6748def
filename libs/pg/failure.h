// What PostgreSQL said, as an Error, and what it means for the connection and the transaction.
// For this room's own files.
#pragma once

#include <exception>
#include <string_view>

#include "libs/base/error.h"

namespace pratique::pg {

struct Failure {
  Error error;
  bool broken = false;     // the connection is of no use any more
  bool retryable = false;  // the same transaction may succeed when run again
};

/// Names our statement in the message. Called inside a catch block with what was caught.
Failure failure_of(const std::exception& caught, std::string_view what);
Failure failure_of_sqlstate(std::string_view sqlstate, std::string_view message, std::string_view what);

}  // namespace pratique::pg
