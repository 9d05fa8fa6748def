#include "libs/pg/driver.h"

#include <string_view>

#include <fmt/format.h>

namespace pratique::pg {
namespace {

std::string_view field(const PGresult* answer, int code) {
  const char* text = PQresultErrorField(answer, code);
  return text == nullptr ? std::string_view{} : std::string_view(text);
}

// libpq numbers no failure to connect; these are the server's words where it has no place left (SQLSTATE class 53).
bool says_full(std::string_view message) {
  return message.contains("too many clients already") || message.contains("remaining connection slots are reserved") ||
         message.contains("too many connections for");
}

}  // namespace

std::expected<DriverConnection, Failure> connect(const std::string& conninfo) {
  constexpr std::string_view kWhat = "connecting to the database";
  DriverConnection connection(PQconnectdb(conninfo.c_str()));
  if (!connection)
    return std::unexpected(Failure{{ErrorCode::resource_exhausted, "DATABASE_FULL", std::string(kWhat), {}}, true});
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    const std::string_view message = PQerrorMessage(connection.get());
    if (says_full(message)) return std::unexpected(failure_of_sqlstate({.sqlstate = "53300", .message = message}, kWhat));
    return std::unexpected(failure_of(nullptr, connection.get(), kWhat));
  }
  PQsetNoticeReceiver(connection.get(), [](void*, const PGresult*) {}, nullptr);
  return connection;
}

Failure failure_of(const PGresult* answer, const PGconn* connection, std::string_view what) {
  const auto sqlstate = field(answer, PG_DIAG_SQLSTATE);
  if (!sqlstate.empty()) {
    return failure_of_sqlstate({.sqlstate = sqlstate,
                                .message = field(answer, PG_DIAG_MESSAGE_PRIMARY),
                                .constraint = field(answer, PG_DIAG_CONSTRAINT_NAME),
                                .column = field(answer, PG_DIAG_COLUMN_NAME)},
                               what);
  }
  const std::string_view said = answer != nullptr && *PQresultErrorMessage(answer) != '\0'
                                    ? PQresultErrorMessage(answer)
                                    : PQerrorMessage(connection);
  if (PQstatus(connection) == CONNECTION_BAD)
    return {unavailable("DATABASE_UNAVAILABLE", fmt::format("{}: {}", what, headline(said))), true, false};
  // libpq found itself misused, or could not make sense of an answer: do not go on with this connection.
  return {internal("DATABASE_STATEMENT_FAILED", fmt::format("{}: {}", what, headline(said))), true, false};
}

}  // namespace pratique::pg
