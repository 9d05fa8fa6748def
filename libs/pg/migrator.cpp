#include "libs/pg/migrator.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "libs/pg/connection.h"
#include "libs/pg/connection_string.h"
#include "libs/pg/fragments.h"
#include "libs/pg/tx.h"

namespace pratique::pg {
namespace {

constexpr Statement kLock{"pg_migrate_lock", "SELECT pg_advisory_lock(hashtextextended('pratique.migrate.' || $1, 0))"};
constexpr Statement kFindSchema{"pg_migrate_schema", "SELECT FROM pg_namespace WHERE nspname = $1"};
constexpr Statement kFindTable{"pg_migrate_table",
                               "SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema_migration'"};
constexpr Statement kApplied{"pg_migrate_applied",
                             "SELECT number, name, checksum FROM schema_migration ORDER BY number"};
constexpr Statement kRecord{"pg_migrate_record",
                            "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)"};
constexpr Statement kTransaction{"pg_migrate_transaction", "SELECT pg_current_xact_id()::text AS id"};
constexpr std::string_view kTable = R"sql(
CREATE TABLE schema_migration (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  checksum   text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
))sql";

std::string label(int number, std::string_view name) { return fmt::format("{:04}_{}", number, name); }

Result<void> check_set(std::string_view schema, std::span<const Migration> migrations) {
  if (!is_plain_name(schema)) return invalid("DATABASE_CONFIG_INVALID", "a migrator needs the name of a schema");
  for (std::size_t i = 0; i < migrations.size(); ++i)
    if (migrations[i].number != static_cast<int>(i) + 1)
      return internal("MIGRATION_SET_INVALID", fmt::format("migration {} stands where number {} is due",
                                                           label(migrations[i].number, migrations[i].name), i + 1));
  return {};
}

// The migration's text with each "--@ word" line replaced by the table that it stands for.
Result<std::string> expand(const Migration& migration) {
  std::string out;
  std::string_view rest = migration.sql;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    auto line = rest.substr(0, end);
    rest.remove_prefix(end);
    if (!line.starts_with("--@")) {
      out += line;
      continue;
    }
    line.remove_prefix(3);
    line = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    line = line.substr(0, line.find_last_not_of(" \r\n") + 1);
    if (line == "outbox_v1") out += kOutboxV1;
    else if (line == "request_v1") out += kRequestV1;
    else
      return internal("MIGRATION_SET_INVALID", fmt::format("migration {}: there is no table '--@ {}'",
                                                           label(migration.number, migration.name), line));
  }
  return out;
}

// The number of applied migrations, all of which must be ours, unchanged and without a gap.
Result<int> known_version(Tx& tx, std::string_view schema, std::span<const Migration> migrations) {
  TRY(const auto table, tx.run(kFindTable, schema));
  if (table.empty()) return 0;
  TRY(const auto rows, tx.run(kApplied));
  int version = 0;
  for (const Row row : rows) {
    const auto number = static_cast<int>(row.integer("number"));
    const auto name = label(number, row.text("name"));
    if (number > static_cast<int>(migrations.size()))
      return failed_precondition("SCHEMA_NEWER",
                                 fmt::format("schema '{}' holds migration {}, this program knows {} only; run the "
                                             "newer version of the service, or restore a backup",
                                             schema, name, migrations.size()));
    if (number != ++version)
      return failed_precondition("MIGRATION_CHECKSUM_MISMATCH",
                                 fmt::format("schema '{}' lacks the record of migration {}", schema, version));
    const auto& ours = migrations[static_cast<std::size_t>(number) - 1];
    if (row.text("checksum") != ours.checksum)
      return failed_precondition("MIGRATION_CHECKSUM_MISMATCH",
                                 fmt::format("migration {} was applied to schema '{}' with another text than {} has "
                                             "now", name, schema, label(ours.number, ours.name)));
  }
  return version;
}

// Runs `work` in a transaction of its own; here no retry helps, since the lock keeps rivals away.
template <typename F>
Result<void> in_transaction(Connection& connection, F&& work) {
  if (auto begun = connection.script("BEGIN", "begin"); !begun) return std::move(begun).error().error;
  Tx tx(connection);
  Result<void> outcome;
  try {
    outcome = work(tx);
  } catch (const RowDefect& defect) {
    outcome = internal("DATABASE_ROW_DEFECT", defect.what());
  }
  if (outcome && tx.doom()) outcome = *tx.doom();
  const auto ended = connection.script(outcome ? "COMMIT" : "ROLLBACK", outcome ? "commit" : "rollback");
  if (outcome && !ended) return ended.error().error;
  return outcome;
}

Result<void> apply(Tx& tx, const Migration& migration) {
  TRY(const auto sql, expand(migration));
  TRY(const auto before, tx.run_one(kTransaction));
  TRY_VOID(tx.run_script(sql));
  TRY(const auto after, tx.run_one(kTransaction));
  if (before.text("id") != after.text("id"))
    return internal("MIGRATION_SET_INVALID", "it ends its own transaction; half of it may have been applied");
  TRY_VOID(tx.queue(kRecord, migration.number, migration.name, migration.checksum));
  return {};
}

}  // namespace

Migrator::Migrator(DatabaseConfig database, std::span<const Migration> migrations)
    : database_(std::move(database)), migrations_(migrations.begin(), migrations.end()) {
  database_.lock_timeout = kMigrationLockLimit;
  database_.statement_timeout = kMigrationStatementLimit;
}

Result<MigrationReport> Migrator::migrate() const {
  TRY_VOID(check_set(database_.schema, migrations_));
  TRY(const auto connection, Connection::open(database_));
  // Held by the session, so that it covers all the transactions below; closing the connection releases it.
  const Param schema(database_.schema);
  if (auto locked = connection->execute(kLock, std::span(&schema, 1)); !locked) return std::move(locked).error().error;

  MigrationReport report;
  TRY_VOID(in_transaction(*connection, [&](Tx& tx) -> Result<void> {
    TRY(report.version, known_version(tx, database_.schema, migrations_));
    if (report.version > 0) return {};
    // Asked first: CREATE SCHEMA IF NOT EXISTS wants the right to create even where it exists.
    TRY(const auto present, tx.run(kFindSchema, database_.schema));
    if (present.empty()) TRY_VOID(tx.run_script(fmt::format("CREATE SCHEMA \"{}\"", database_.schema)));
    TRY(const auto table, tx.run(kFindTable, database_.schema));
    if (table.empty()) TRY_VOID(tx.run_script(kTable));
    return {};
  }));
  for (const auto& migration : std::span(migrations_).subspan(static_cast<std::size_t>(report.version))) {
    const auto name = label(migration.number, migration.name);
    TRY_VOID(in_transaction(*connection, [&](Tx& tx) { return apply(tx, migration); })
                 .with_context(fmt::format("migration {}", name)));
    report.applied.push_back(name);
    report.version = migration.number;
  }
  return report;
}

Result<MigrationReport> Migrator::check() const {
  TRY_VOID(check_set(database_.schema, migrations_));
  TRY(const auto connection, Connection::open(database_));
  MigrationReport report;
  TRY_VOID(in_transaction(*connection, [&](Tx& tx) -> Result<void> {
    TRY(report.version, known_version(tx, database_.schema, migrations_));
    return {};
  }));
  if (report.version < static_cast<int>(migrations_.size()))
    return failed_precondition("SCHEMA_OUTDATED",
                               fmt::format("schema '{}' is at version {}, this program needs {}", database_.schema,
                                           report.version, migrations_.size()));
  return report;
}

}  // namespace pratique::pg
