// The `database:` section of a service's configuration, the same for all.
//
//   database:
//     conninfo: host=db.example.com dbname=pratique user=registrar sslmode=verify-full sslrootcert=/etc/pratique/db-ca.pem
//     password: /run/secrets/database-password
//     pool_size: 8
//     migrate: true
#pragma once

#include "libs/pg/pool.h"
#include "libs/runtime/secret_file.h"

namespace pratique::runtime {
class ConfigReader;
}

namespace pratique::pg {

struct Settings {
  std::string conninfo;           // libpq's keyword form, without a password
  runtime::SecretFile password;   // empty: none (peer or certificate authentication)
  std::size_t pool_size = 8;      // as many as there are workers
  std::chrono::seconds connect_timeout{3};
  std::chrono::milliseconds statement_timeout{5'000};
  std::chrono::milliseconds lock_timeout{2'000};
  bool migrate = true;            // bring the schema to this version at the start; false: only check it
};
void read(runtime::ConfigReader& in, Settings& out);

/// Loads the password. `schema` and `application` are the service's name.
Result<PoolConfig> pool_config(const Settings& settings, std::string_view service);

}  // namespace pratique::pg
