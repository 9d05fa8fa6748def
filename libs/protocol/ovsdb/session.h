// The client's side of one connection to an OVSDB server: RFC 7047 section 4.1. No socket, no clock, no thread.
//
//   Session session;
//   TRY(const auto id, session.transact("Open_vSwitch", operations));
//   write(session.take_output());
//   …on bytes from the socket:
//   const auto alive = session.receive(piece);
//   for (auto& event : session.take_events()) …     // also those before the error, if it is one
//   write(session.take_output());                    // answers to the server's echo
//   if (!alive) close and begin anew: every later call gives the same error
//
// Strict with what comes: an answer to nothing that was asked, or a second one; a result of another shape than the
// request's; a notification of nothing that is monitored or locked; any request but echo. Each ends the session, since
// from then on we do not know what the server holds of us.
//
// A request that the server refuses (`Refused`) and a transaction that failed (`Transacted`) are answers like others.
// The server sends the updates of one's own transaction before its answer (ovsdb-server(7) section 4.1.5).
// Liveness is the owner's: where nothing has come for some seconds, echo(), and close when that is not answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/ovsdb/changes.h"
#include "libs/protocol/ovsdb/event.h"
#include "libs/protocol/ovsdb/lock_book.h"
#include "libs/protocol/ovsdb/message.h"
#include "libs/protocol/ovsdb/message_reader.h"
#include "libs/protocol/ovsdb/monitor.h"
#include "libs/protocol/ovsdb/operation.h"
#include "libs/protocol/ovsdb/transact_result.h"

namespace pratique::ovsdb {

struct SessionLimits {
  MessageLimits message = {};
  std::size_t max_pending = 1024;  // requests without an answer
  std::size_t max_monitors = 64;
  std::size_t max_locks = 64;
  std::size_t max_databases = 1024;                // in the answer to list_dbs
  std::size_t max_output = std::size_t{16} << 20;  // bytes that the owner has not taken
  std::size_t max_echo = std::size_t{64} << 10;    // bytes of an echo that the server asks for
};

class Session {
 public:
  explicit Session(SessionLimits limits = {});

  // Requests. Each gives the id under which its answer comes. RESOURCE_EXHAUSTED OVSDB_TOO_MANY_PENDING or
  // OVSDB_OUTPUT_FULL: take the output, wait for answers. INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE.
  Result<RequestId> list_dbs();                                                                     // 4.1.1
  Result<RequestId> get_schema(std::string_view database);                                          // 4.1.2
  Result<RequestId> transact(std::string_view database, const std::vector<Operation>& operations);  // 4.1.3
  /// 4.1.5 (v1) and Open vSwitch's monitor_cond (v2). `monitor` is a name of the caller's choice.
  /// FAILED_PRECONDITION OVSDB_MONITOR_STATE: the name is in use; RESOURCE_EXHAUSTED OVSDB_TOO_MANY_MONITORS.
  Result<RequestId> monitor(std::string_view database, std::string_view monitor, const MonitorRequests& requests,
                            MonitorVersion version = MonitorVersion::v1);
  /// 4.1.7. Updates may come until the answer does. FAILED_PRECONDITION OVSDB_MONITOR_STATE: it is not running.
  Result<RequestId> monitor_cancel(std::string_view monitor);
  Result<RequestId> echo();                       // 4.1.11
  Result<RequestId> lock(std::string_view lock);  // 4.1.8
  Result<RequestId> steal(std::string_view lock);
  Result<RequestId> unlock(std::string_view lock);

  /// Bytes from the server. The first error is final. Reasons: those of MessageReader and parse_message, and
  /// OVSDB_ANSWER_UNKNOWN, OVSDB_ANSWER_REPEATED, OVSDB_RESULT_INVALID, OVSDB_UPDATE_INVALID, OVSDB_SCHEMA_INVALID,
  /// OVSDB_REQUEST_FORBIDDEN, OVSDB_NOTIFICATION_UNEXPECTED, OVSDB_ECHO_TOO_LARGE, OVSDB_OUTPUT_FULL.
  Result<void> receive(ByteView piece);
  std::vector<Event> take_events();
  /// Bytes for the server.
  std::string take_output();

  std::size_t pending() const { return pending_.size(); }
  LockState lock_state(std::string_view lock) const { return locks_.state(lock); }
  /// What ended the session.
  const std::optional<Error>& broken() const { return broken_; }

 private:
  struct Pending {
    Method method;
    std::string subject;                     // monitor, lock or database
    std::vector<ExpectedResult> operations;  // of transact
  };
  struct Monitor {
    enum class State { asked, running, leaving } state = State::asked;
    MonitorVersion version = MonitorVersion::v1;
    std::set<std::string, std::less<>> tables;
  };

  Result<RequestId> send(Pending pending, json::Value params);
  Result<void> room_for_one() const;
  Result<RequestId> ask_lock(Method method, std::string_view lock);
  Result<void> handle(Message message);
  Result<void> handle(const ServerRequest& request);
  Result<void> handle(const Notification& notification);
  Result<void> handle(Answer answer);
  void refuse(RequestId id, const Pending& pending, ErrorObject error);
  Result<Event> read_answer(RequestId id, const Pending& pending, const json::Value& result);
  Result<std::vector<RowChange>> read_updates(const Monitor& monitor, const json::Value& updates,
                                              UpdateSource source) const;

  SessionLimits limits_;
  MessageReader reader_;
  RequestId last_id_ = 0;
  std::map<RequestId, Pending> pending_;
  std::map<std::string, Monitor, std::less<>> monitors_;
  LockBook locks_;
  std::vector<Event> events_;
  std::string output_;
  std::optional<Error> broken_;
};

}  // namespace pratique::ovsdb
