// Brings a service's schema to the version its code knows, and refuses one that it does not know.
//
// Migrations stand in services/<service>/storage/migrations/NNNN_what.sql, numbered from 0001 without gaps; the room's
// CMakeLists.txt says, after room(…):
//
//   embed_migrations()      # cmake/migrations.cmake
//
// and gets the generated header "services/<service>/storage/migrations.h":
//
//   namespace pratique::<service> { std::span<const pg::Migration> migrations(); }
//
// Rules: forward only; one transaction each (so no COMMIT, no CREATE INDEX CONCURRENTLY); names unqualified
// (search_path is the service's schema); never edited once released (the checksum is compared). A line
//
//   --@ outbox_v1
//
// stands for a table that libs/pg owns: outbox_v1 (outbox.h), request_v1 (idempotency.h). Those texts are frozen too.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/pg/database_config.h"

namespace pratique::pg {

struct Migration {
  int number;
  std::string_view name;      // "create_device"
  std::string_view sql;
  std::string_view checksum;  // SHA-256 of the file, lower-case hexadecimal
};

struct MigrationReport {
  int version = 0;                   // of the schema now
  std::vector<std::string> applied;  // "0002_add_segment", in order; empty if it was up to date
};

/// Replicas start together: one migrates, the others wait.
inline constexpr std::chrono::seconds kMigrationLockLimit{60};
inline constexpr std::chrono::seconds kMigrationStatementLimit{600};

/// FAILED_PRECONDITION each, nothing changed:
///   SCHEMA_NEWER                  a newer version of the service has been here; run that one, or restore
///   MIGRATION_CHECKSUM_MISMATCH   an applied migration was edited afterwards; names it
///   SCHEMA_OUTDATED               (check only) migrations are missing
/// INTERNAL MIGRATION_SET_INVALID  numbers with gaps, an unknown "--@" line
/// and the failure of a migration itself, with its name; the ones before it stay applied.
class Migrator {
 public:
  /// `database.schema` must be set; it is created if the role may. Time-outs of `database` are replaced by those above.
  Migrator(DatabaseConfig database, std::span<const Migration> migrations);

  /// Under an advisory lock of the schema's own: any number of replicas may call it at once.
  Result<MigrationReport> migrate() const;
  /// Looks only: for a replica whose role may not change the schema.
  Result<MigrationReport> check() const;

 private:
  DatabaseConfig database_;
  std::vector<Migration> migrations_;
};

}  // namespace pratique::pg
