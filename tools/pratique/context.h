// What every command is given.
#pragma once

#include <string>

#include "libs/base/clock.h"
#include "libs/base/id.h"
#include "libs/base/random.h"
#include "tools/pratique/grammar/command.h"
#include "tools/pratique/link/connection.h"
#include "tools/pratique/link/pages.h"
#include "tools/pratique/terminal/console.h"

namespace pratique::cli {

struct Context {
  Console& console;
  Api& api;
  const Clock& clock;
  Random& random;
  int exit_code = 0;  // where the command did what it was asked to; not 0: what it found is not well

  /// Of one change; gRPC's retries of the call repeat it.
  std::string request_id() const { return make_uuid7(clock, random); }
};

/// "--reason WHY": whoever changes something says why.
inline Option reason_option() { return Option::text("reason", "WHY", "goes into the audit log").must(); }
inline Option yes_option() { return Option::flag("yes", "do not ask for confirmation"); }

}  // namespace pratique::cli
