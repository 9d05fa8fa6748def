#include "libs/pg/failure.h"

#include <string>

#include <fmt/format.h>
#include <pqxx/except>

namespace pratique::pg {
namespace {

// PostgreSQL's first line alone: DETAIL repeats values, which may be secret.
std::string headline(std::string_view message) {
  auto line = message.substr(0, message.find('\n'));
  for (const std::string_view severity : {"ERROR:", "FATAL:", "PANIC:"})
    if (line.starts_with(severity)) line.remove_prefix(severity.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return std::string(line);
}

// The name between quotes after a word; the driver does not hand out PostgreSQL's diagnostic fields.
std::string_view named(std::string_view line, std::string_view word) {
  const auto at = line.rfind(std::string(word) + " \"");
  if (at == std::string_view::npos) return {};
  const auto begin = at + word.size() + 2;
  const auto end = line.find('"', begin);
  return end == std::string_view::npos ? std::string_view{} : line.substr(begin, end - begin);
}

struct Meaning {
  std::string_view sqlstate;  // whole, or its first two characters: the class
  ErrorCode code;
  std::string_view reason;
  bool broken, retryable;
};

// The first that fits counts. PostgreSQL 15, Appendix A.
constexpr Meaning kMeanings[] = {
    {"23505", ErrorCode::already_exists, "DATABASE_ALREADY_EXISTS", false, false},
    {"23P01", ErrorCode::already_exists, "DATABASE_ALREADY_EXISTS", false, false},
    {"23503", ErrorCode::failed_precondition, "DATABASE_REFERENCE_VIOLATED", false, false},
    {"23001", ErrorCode::failed_precondition, "DATABASE_REFERENCE_VIOLATED", false, false},
    {"23", ErrorCode::invalid_argument, "DATABASE_CHECK_VIOLATED", false, false},
    {"22", ErrorCode::invalid_argument, "DATABASE_VALUE_INVALID", false, false},
    {"40001", ErrorCode::aborted, "DATABASE_CONFLICT", false, true},
    {"40P01", ErrorCode::aborted, "DATABASE_CONFLICT", false, true},
    {"57014", ErrorCode::deadline_exceeded, "DATABASE_TIMEOUT", false, false},
    {"55P03", ErrorCode::deadline_exceeded, "DATABASE_TIMEOUT", false, false},
    {"53", ErrorCode::resource_exhausted, "DATABASE_FULL", false, false},
    {"08", ErrorCode::unavailable, "DATABASE_UNAVAILABLE", true, false},
    {"57P", ErrorCode::unavailable, "DATABASE_UNAVAILABLE", true, false},
    {"25P03", ErrorCode::unavailable, "DATABASE_UNAVAILABLE", true, false},
    // A primary that became a stand-by: drop the connection, the next one may find the new primary.
    {"25006", ErrorCode::unavailable, "DATABASE_READ_ONLY", true, false},
    {"XX001", ErrorCode::data_loss, "DATABASE_CORRUPT", false, false},
    {"XX002", ErrorCode::data_loss, "DATABASE_CORRUPT", false, false},
    {"", ErrorCode::internal, "DATABASE_STATEMENT_FAILED", false, false},
};

}  // namespace

Failure failure_of_sqlstate(std::string_view sqlstate, std::string_view message, std::string_view what) {
  auto line = headline(message);
  // A migration by a newer replica changed a table under a prepared statement: a new connection prepares anew.
  if (sqlstate == "0A000" && line.contains("cached plan"))
    return {{ErrorCode::aborted, "DATABASE_CONFLICT", fmt::format("{}: {}", what, line), {}}, true, true};
  for (const auto& meaning : kMeanings) {
    if (!sqlstate.starts_with(meaning.sqlstate)) continue;
    const auto constraint = std::string(named(line, "constraint"));
    const auto column = std::string(named(line, "column"));
    // "invalid input syntax for type uuid: "…"" repeats the value.
    if (meaning.reason == "DATABASE_VALUE_INVALID") line = line.substr(0, line.find(": \""));
    Failure out{{meaning.code, std::string(meaning.reason), fmt::format("{}: {}", what, line), {}},
                meaning.broken, meaning.retryable};
    if (!constraint.empty()) out.error = std::move(out.error).with("constraint", constraint);
    else if (!column.empty()) out.error = std::move(out.error).with("column", column);
    if (meaning.sqlstate.empty()) out.error = std::move(out.error).with("sqlstate", sqlstate);
    return out;
  }
  return {internal("DATABASE_STATEMENT_FAILED", what), false, false};
}

Failure failure_of(const std::exception& caught, std::string_view what) {
  if (const auto* full = dynamic_cast<const pqxx::too_many_connections*>(&caught))
    return {{ErrorCode::resource_exhausted, "DATABASE_FULL", fmt::format("{}: {}", what, headline(full->what())), {}},
            true, false};
  if (const auto* lost = dynamic_cast<const pqxx::broken_connection*>(&caught))
    return {unavailable("DATABASE_UNAVAILABLE", fmt::format("{}: {}", what, headline(lost->what()))), true, false};
  if (const auto* sql = dynamic_cast<const pqxx::sql_error*>(&caught))
    return failure_of_sqlstate(sql->sqlstate(), sql->what(), what);
  // Class 40 stands apart from sql_error in this driver, and without a sqlstate.
  if (const auto* lost_race = dynamic_cast<const pqxx::transaction_rollback*>(&caught))
    return failure_of_sqlstate("40001", lost_race->what(), what);
  // The driver found itself misused, or could not make sense of an answer: do not go on with this connection.
  return {internal("DATABASE_STATEMENT_FAILED", fmt::format("{}: {}", what, headline(caught.what()))), true, false};
}

}  // namespace pratique::pg
