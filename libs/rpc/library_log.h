// Internal to this room: what the gRPC library itself has to say goes into our log instead of raw onto stderr. It is
// the only trace of a handshake that failed.
#pragma once

#include "libs/obs/log.h"

namespace pratique::rpc {

/// While it lives, the library's errors are logged as rpc_library_error; without one they are dropped, since every
/// failed call tells its own. The latest made is the one that is used.
class LibraryLog {
 public:
  explicit LibraryLog(const obs::Log& log);
  ~LibraryLog();
  LibraryLog(const LibraryLog&) = delete;
  LibraryLog& operator=(const LibraryLog&) = delete;
  /// Keeps the library off stderr from now on.
  static void install();

 private:
  const obs::Log& log_;
};

}  // namespace pratique::rpc
