// One connection to the server: opened, used by one thread at a time, thrown away once broken. Nothing here throws.
// For this room's own files; others use Pool.
#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string_view>

#include "libs/pg/database_config.h"
#include "libs/pg/failure.h"
#include "libs/pg/param.h"
#include "libs/pg/rows.h"
#include "libs/pg/tx.h"

namespace pratique::pg {

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const DatabaseConfig& config);
  ~Connection();

  std::expected<Rows, Failure> execute(const Statement& statement, std::span<const Param> params);
  /// Several statements, no parameters. `what` names it in errors.
  std::expected<void, Failure> script(std::string_view sql, std::string_view what);
  /// False once the server or a statement's plan was lost.
  bool usable() const { return usable_; }
  /// What BEGIN declared: a write is then our own mistake and says nothing about the server.
  void set_read_only(bool read_only) { read_only_ = read_only; }

 private:
  struct Driver;
  explicit Connection(std::unique_ptr<Driver> driver);
  Failure note(Failure failure);

  std::unique_ptr<Driver> driver_;
  bool usable_ = true;
  bool read_only_ = false;
};

}  // namespace pratique::pg
