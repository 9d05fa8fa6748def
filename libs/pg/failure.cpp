#include "libs/pg/failure.h"

#include <algorithm>

#include <fmt/format.h>

namespace pratique::pg {
namespace {

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

std::string headline(std::string_view message) {
  auto line = message.substr(0, message.find('\n'));
  for (const std::string_view severity : {"ERROR:", "FATAL:", "PANIC:"})
    if (line.starts_with(severity)) line.remove_prefix(severity.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return std::string(line);
}

Failure failure_of_sqlstate(const Diagnosis& said, std::string_view what) {
  auto line = headline(said.message);
  // A migration by a newer replica changed a table under a prepared statement: a new connection prepares anew.
  if (said.sqlstate == "0A000" && line.contains("cached plan"))
    return {{ErrorCode::aborted, "DATABASE_CONFLICT", fmt::format("{}: {}", what, line), {}}, true, true};
  const auto& meaning = *std::ranges::find_if(
      kMeanings, [&](const Meaning& m) { return said.sqlstate.starts_with(m.sqlstate); });  // the last fits all
  // "invalid input syntax for type uuid: "…"" repeats the value.
  if (meaning.reason == "DATABASE_VALUE_INVALID") line = line.substr(0, line.find(": \""));
  Failure out{{meaning.code, std::string(meaning.reason), fmt::format("{}: {}", what, line), {}},
              meaning.broken, meaning.retryable};
  if (!said.constraint.empty()) out.error = std::move(out.error).with("constraint", said.constraint);
  else if (!said.column.empty()) out.error = std::move(out.error).with("column", said.column);
  if (meaning.sqlstate.empty()) out.error = std::move(out.error).with("sqlstate", said.sqlstate);
  return out;
}

}  // namespace pratique::pg
