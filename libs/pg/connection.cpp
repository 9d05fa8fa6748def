#include "libs/pg/connection.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

#include <fmt/format.h>

#include "libs/pg/connection_string.h"
#include "libs/pg/driver.h"
#include "libs/pg/row_data.h"

namespace pratique::pg {

struct Connection::Driver {
  explicit Driver(DriverConnection opened) : connection(std::move(opened)) {}

  struct Queued {
    std::string what;      // in errors
    std::string prepares;  // the statement that this one makes known to the server, or nothing
  };

  PGconn* get() const { return connection.get(); }

  DriverConnection connection;
  std::map<std::string, std::string, std::less<>> prepared;  // name -> SQL
  std::vector<Queued> queued;                                // sent, or in libpq's buffer; answers not read yet
  std::size_t queued_bytes = 0;
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
  auto connected = connect(conninfo);
  if (!connected) return std::move(connected).error().error;
  std::unique_ptr<Connection> out(new Connection(std::make_unique<Driver>(*std::move(connected))));
  if (auto set = out->script(session_settings(config), "session settings"); !set) return std::move(set).error().error;
  return out;
}

std::expected<void, Failure> Connection::queue(const Statement& statement, std::span<const Param> params) {
  const auto what = fmt::format("statement '{}'", statement.name);
  std::vector<const char*> values;
  values.reserve(params.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (!params[i].is_null() && params[i].text().contains('\0'))
      return std::unexpected(Failure{
          invalid("DATABASE_VALUE_INVALID", fmt::format("{}: argument {} holds a zero byte", what, i + 1))});
    values.push_back(params[i].is_null() ? nullptr : params[i].text().c_str());
    bytes += params[i].is_null() ? 0 : params[i].text().size();
  }
  auto& d = *driver_;
  if (d.queued.size() >= kMaxQueued || (d.queued_bytes + bytes > kMaxQueuedBytes && !d.queued.empty()))
    if (auto settled = settle(); !settled) return settled;

  const std::string name(statement.name);
  const auto [known, fresh] = d.prepared.try_emplace(name, statement.sql);
  if (fresh) {
    if (PQsendPrepare(d.get(), name.c_str(), known->second.c_str(), 0, nullptr) != 1) {
      d.prepared.erase(known);
      return std::unexpected(note(failure_of(nullptr, d.get(), what)));
    }
    d.queued.push_back({what, name});
  } else if (known->second != statement.sql) {
    return std::unexpected(
        Failure{internal("DATABASE_STATEMENT_CLASH", fmt::format("{}: two SQL texts have this name", what))});
  }
  if (PQsendQueryPrepared(d.get(), name.c_str(), static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0) != 1)
    return std::unexpected(note(failure_of(nullptr, d.get(), what)));
  d.queued.push_back({what, {}});
  d.queued_bytes += bytes;
  return {};
}

std::expected<void, Failure> Connection::queue(std::string_view command, std::string_view what) {
  auto& d = *driver_;
  if (PQsendQueryParams(d.get(), std::string(command).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1)
    return std::unexpected(note(failure_of(nullptr, d.get(), what)));
  d.queued.push_back({std::string(what), {}});
  return {};
}

// The answer of the last one queued, or the first failure among all. Whatever came, nothing is queued afterwards.
std::expected<Rows, Failure> Connection::await() {
  auto& d = *driver_;
  const auto queued = std::exchange(d.queued, {});
  d.queued_bytes = 0;
  ++round_trips_;
  if (PQpipelineSync(d.get()) != 1)
    return std::unexpected(note(failure_of(nullptr, d.get(), queued.empty() ? "waiting" : queued.front().what)));

  std::optional<Failure> failure;
  DriverAnswer last;
  for (const auto& [what, prepares] : queued) {
    DriverAnswer answer(PQgetResult(d.get()));
    const auto status = PQresultStatus(answer.get());  // of no answer: PGRES_FATAL_ERROR
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (!prepares.empty()) d.prepared.erase(prepares);
      if (status != PGRES_PIPELINE_ABORTED && !failure) failure = note(failure_of(answer.get(), d.get(), what));
      if (!usable_) return std::unexpected(*std::move(failure));
    }
    last = std::move(answer);
    // Each answer ends with a null one.
    if (DriverAnswer more(PQgetResult(d.get())); more)
      return std::unexpected(note({internal("DATABASE_STATEMENT_FAILED", what + ": more than one answer"), true}));
  }
  const DriverAnswer sync(PQgetResult(d.get()));
  if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC && !failure)
    failure = note(failure_of(sync.get(), d.get(), queued.empty() ? "waiting" : queued.back().what));
  if (failure) return std::unexpected(*std::move(failure));
  return Rows(std::make_shared<const RowData>(std::move(last)));
}

std::expected<Rows, Failure> Connection::execute(const Statement& statement, std::span<const Param> params) {
  if (auto queued = queue(statement, params); !queued) return std::unexpected(std::move(queued).error());
  return await();
}

std::expected<void, Failure> Connection::execute(std::string_view command, std::string_view what) {
  if (auto queued = queue(command, what); !queued) return queued;
  return settle();
}

std::expected<void, Failure> Connection::settle() {
  if (driver_->queued.empty()) return {};
  if (auto answers = await(); !answers) return std::unexpected(std::move(answers).error());
  return {};
}

std::expected<void, Failure> Connection::script(std::string_view sql, std::string_view what) {
  if (auto settled = settle(); !settled) return settled;
  auto& d = *driver_;
  if (PQexitPipelineMode(d.get()) != 1) return std::unexpected(note(failure_of(nullptr, d.get(), what)));
  const DriverAnswer answer(PQexec(d.get(), std::string(sql).c_str()));
  ++round_trips_;
  const auto status = PQresultStatus(answer.get());
  std::expected<void, Failure> out;
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
    out = std::unexpected(note(failure_of(answer.get(), d.get(), what)));
  if (usable_ && PQenterPipelineMode(d.get()) != 1 && out)
    out = std::unexpected(note(failure_of(nullptr, d.get(), what)));
  return out;
}

bool Connection::rested_well() {
  if (!usable_) return false;
  auto& d = *driver_;
  pollfd socket{PQsocket(d.get()), POLLIN, 0};
  if (::poll(&socket, 1, 0) == 0) return true;
  // A changed setting is told unasked, and so is the end.
  usable_ = PQconsumeInput(d.get()) == 1 && PQstatus(d.get()) == CONNECTION_OK && ::poll(&socket, 1, 0) == 0;
  return usable_;
}

}  // namespace pratique::pg
