// libpq's handles, which close themselves, and how a connection is made. For this room's own .cpp files.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include <libpq-fe.h>

#include "libs/pg/failure.h"

namespace pratique::pg {

struct CloseHandle {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* answer) const { PQclear(answer); }
  void operator()(PGnotify* notification) const { PQfreemem(notification); }
  void operator()(char* text) const { PQfreemem(text); }
};
using DriverConnection = std::unique_ptr<PGconn, CloseHandle>;
using DriverAnswer = std::unique_ptr<PGresult, CloseHandle>;
using DriverNotification = std::unique_ptr<PGnotify, CloseHandle>;
using DriverText = std::unique_ptr<char, CloseHandle>;

/// Connected and quiet: what the server only remarks goes nowhere.
std::expected<DriverConnection, Failure> connect(const std::string& conninfo);

/// What an answer that is no success says, or what the connection says where there is no answer at all.
Failure failure_of(const PGresult* answer, const PGconn* connection, std::string_view what);

}  // namespace pratique::pg
