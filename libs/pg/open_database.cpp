#include "libs/pg/open_database.h"

#include "libs/runtime/service_main.h"

namespace pratique::pg {

namespace {
constexpr std::chrono::seconds kHealthLimit{2};
}

Result<Pool*> open_database(const Settings& settings, std::string_view service, std::span<const Migration> migrations,
                            runtime::Process& process) {
  TRY(const auto config, pool_config(settings, service));
  const Migrator migrator(config.database, migrations);
  TRY_VOID(settings.migrate ? migrator.migrate() : migrator.check());
  TRY(auto pool, Pool::open(config));
  auto& kept = process.keep("database pool", std::move(pool));
  process.health().add_check("database", [&kept] {
    return kept.read(within(kHealthLimit), [](Tx& tx) { return tx.run_script("SELECT 1"); });
  });
  return &kept;
}

}  // namespace pratique::pg
