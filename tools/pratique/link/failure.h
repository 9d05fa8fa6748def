// An error as the operator meets it: what is wrong, what was seen, what to do; and the exit code that scripts test.
#pragma once

#include <string>

#include "libs/base/error.h"
#include "tools/pratique/terminal/console.h"

namespace pratique::cli {

namespace exit_code {
inline constexpr int kOk = 0;
inline constexpr int kFailure = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotAllowed = 3;
inline constexpr int kNotFound = 4;
inline constexpr int kUnavailable = 5;
}  // namespace exit_code

int exit_code_of(const Error& error);

/// The evidence under which a remedy travels that is known where the error is made.
inline constexpr std::string_view kRemedy = "remedy";
/// That, or what the reason or the kind of error suggests; "" where there is nothing to say.
std::string remedy_of(const Error& error);

/// On stderr: lines for people, or under --output json one object {"error":{code, reason, message, evidence, remedy}}.
void tell(Console& console, const Error& error);

}  // namespace pratique::cli
