// One connection to the server: opened, used by one thread at a time, thrown away once broken. Nothing here throws.
// For this room's own files; others use Pool.
//
// Statements are queued and go out together (libpq's pipeline mode): only what is awaited costs a round trip.
//   queue(a), queue(b), execute(c)   one round trip: the answers of a and b are looked at on the way to that of c
//   queue(d), settle()               another one
// Once one fails, the server passes over the others up to the next awaited one, inclusive; its failure is given there.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string_view>

#include "libs/pg/database_config.h"
#include "libs/pg/failure.h"
#include "libs/pg/param.h"
#include "libs/pg/rows.h"
#include "libs/pg/statement.h"

namespace pratique::pg {

class Connection {
 public:
  /// At so many statements, or bytes of arguments, queueing awaits by itself: neither side's buffers can fill up while
  /// the other side does not read.
  static constexpr std::size_t kMaxQueued = 256;
  static constexpr std::size_t kMaxQueuedBytes = 48 * 1024;

  static Result<std::unique_ptr<Connection>> open(const DatabaseConfig& config);
  ~Connection();

  std::expected<void, Failure> queue(const Statement& statement, std::span<const Param> params);
  /// One command without parameters. `what` names it in errors.
  std::expected<void, Failure> queue(std::string_view command, std::string_view what);
  /// Queues and awaits.
  std::expected<Rows, Failure> execute(const Statement& statement, std::span<const Param> params);
  std::expected<void, Failure> execute(std::string_view command, std::string_view what);
  /// Awaits what is queued.
  std::expected<void, Failure> settle();
  /// Several statements at once, no parameters; awaits what is queued before.
  std::expected<void, Failure> script(std::string_view sql, std::string_view what);

  /// False once the server or a statement's plan was lost.
  bool usable() const { return usable_; }
  /// `usable`, and nothing from the server says otherwise while the connection rested. No round trip.
  bool rested_well();
  /// How often an answer was awaited, ever.
  std::uint64_t round_trips() const { return round_trips_; }
  /// What BEGIN declared: a write is then our own mistake and says nothing about the server.
  void set_read_only(bool read_only) { read_only_ = read_only; }

 private:
  struct Driver;
  explicit Connection(std::unique_ptr<Driver> driver);
  Failure note(Failure failure);
  std::expected<Rows, Failure> await();

  std::unique_ptr<Driver> driver_;
  bool usable_ = true;
  bool read_only_ = false;
  std::uint64_t round_trips_ = 0;
};

}  // namespace pratique::pg
