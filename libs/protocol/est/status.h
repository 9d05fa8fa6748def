// What a device is told when it is refused: an HTTP status and a short text/plain body (RFC 7030 errata 5107, 5108).
// Only the constant meaning of the reason goes out, never the evidence.
#pragma once

#include <string>

#include "libs/base/error.h"
#include "libs/base/verdict.h"

namespace pratique::est {

struct Answer {
  int status;
  std::string body;  // text/plain; charset=utf-8
};

/// For !verdict.accepted(): the status of the first finding, and the meaning of every one, a line each.
Answer answer_refusal(const Verdict& verdict);
/// For an Error of read_request(), or of what the caller did afterwards: a reason that is not in reasons.h is mapped by
/// its code, and nothing of its message goes out.
Answer answer_error(const Error& error);

}  // namespace pratique::est
