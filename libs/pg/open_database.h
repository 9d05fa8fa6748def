// What every service does with its database at the start: bring the schema to its version (or check it), open the pool,
// and be ready only while the database answers.
#pragma once

#include <span>
#include <string_view>

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/pg/settings.h"

namespace pratique::runtime {
class Process;
}

namespace pratique::pg {

/// The pool is kept by `process` until its stop. The errors of pool_config(), Migrator and Pool::open().
Result<Pool*> open_database(const Settings& settings, std::string_view service, std::span<const Migration> migrations,
                            runtime::Process& process);

}  // namespace pratique::pg
