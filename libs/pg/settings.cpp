#include "libs/pg/settings.h"

#include "libs/runtime/config_reader.h"

namespace pratique::pg {

void read(runtime::ConfigReader& in, Settings& out) {
  in.required("conninfo", out.conninfo);
  in.optional("password", out.password);
  in.optional("pool_size", out.pool_size, {.least = 1, .most = 512});
  in.optional("connect_timeout", out.connect_timeout);
  in.optional("statement_timeout", out.statement_timeout);
  in.optional("lock_timeout", out.lock_timeout);
  in.optional("migrate", out.migrate);
}

Result<PoolConfig> pool_config(const Settings& settings, std::string_view service) {
  PoolConfig out;
  out.database.conninfo = settings.conninfo;
  if (!settings.password.empty()) {
    TRY(out.database.password, settings.password.load_text());
  }
  out.database.schema = std::string(service);
  out.database.application_name = "pratique-" + std::string(service);
  out.database.connect_timeout = settings.connect_timeout;
  out.database.statement_timeout = settings.statement_timeout;
  out.database.lock_timeout = settings.lock_timeout;
  out.size = settings.pool_size;
  return out;
}

}  // namespace pratique::pg
