#include "libs/pg/connection.h"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/nontransaction>

#include "libs/pg/connection_string.h"
#include "libs/pg/row_data.h"

namespace pratique::pg {

// A nontransaction for the whole life: BEGIN, SAVEPOINT and COMMIT are sent by us, because the driver's own
// subtransaction forgets SAVEPOINT before a prepared statement.
struct Connection::Driver {
  explicit Driver(const std::string& conninfo) : connection(conninfo), quiet(connection), session(connection) {
    // Else the driver connects anew behind our back, and the rest of a transaction runs outside of it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
  }
  pqxx::connection connection;
  pqxx::quiet_errorhandler quiet;
  pqxx::nontransaction session;
  std::map<std::string, std::string, std::less<>> prepared;  // name -> SQL
};

Connection::Connection(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) {}
Connection::~Connection() = default;

Failure Connection::note(Failure failure) {
  if (failure.error.reason == "DATABASE_READ_ONLY" && read_only_) {
    failure.error.code = ErrorCode::internal;
    failure.error.reason = "DATABASE_STATEMENT_FAILED";
    failure.broken = false;
  }
  if (failure.broken) usable_ = false;
  return failure;
}

Result<std::unique_ptr<Connection>> Connection::open(const DatabaseConfig& config) {
  TRY(const auto conninfo, connection_string(config));
  try {
    std::unique_ptr<Connection> out(new Connection(std::make_unique<Driver>(conninfo)));
    if (auto set = out->script(session_settings(config), "session settings"); !set) return std::move(set).error().error;
    return out;
  } catch (const std::exception& caught) {
    return failure_of(caught, "connecting to the database").error;
  }
}

std::expected<Rows, Failure> Connection::execute(const Statement& statement, std::span<const Param> params) {
  const auto what = fmt::format("statement '{}'", statement.name);
  std::vector<const char*> values;
  values.reserve(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (!params[i].is_null() && params[i].text().contains('\0'))
      return std::unexpected(Failure{
          invalid("DATABASE_VALUE_INVALID", fmt::format("{}: argument {} holds a zero byte", what, i + 1))});
    values.push_back(params[i].is_null() ? nullptr : params[i].text().c_str());
  }
  try {
    const std::string name(statement.name);
    const auto [known, fresh] = driver_->prepared.try_emplace(name, statement.sql);
    if (fresh) driver_->connection.prepare(name, known->second);
    else if (known->second != statement.sql)
      return std::unexpected(
          Failure{internal("DATABASE_STATEMENT_CLASH", fmt::format("{}: two SQL texts have this name", what))});
    auto result = driver_->session.exec_prepared(name, pqxx::prepare::make_dynamic_params(values));
    return Rows(std::make_shared<const RowData>(RowData{std::move(result)}));
  } catch (const std::exception& caught) {
    return std::unexpected(note(failure_of(caught, what)));
  }
}

std::expected<void, Failure> Connection::script(std::string_view sql, std::string_view what) {
  try {
    driver_->session.exec(std::string(sql));
    return {};
  } catch (const std::exception& caught) {
    return std::unexpected(note(failure_of(caught, what)));
  }
}

}  // namespace pratique::pg
