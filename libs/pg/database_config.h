// Which database, as whom, and how patiently: shared by Pool, Migrator and Listener.
#pragma once

#include <chrono>
#include <string>

#include "libs/base/secret.h"

namespace pratique::pg {

/// A service's way to its database. `conninfo` is libpq's keyword form ("host=/run/pg dbname=pratique
/// user=registrar", several hosts allowed, TLS by sslmode/sslrootcert/…); the URI form is refused
/// (INVALID_ARGUMENT DATABASE_CONFIG_INVALID), because time-outs and the password are added to it.
struct DatabaseConfig {
  std::string conninfo = {};
  Secret password = {};                // added to conninfo unless empty; never shown in an error
  std::string schema = {};                  // search_path of every connection; empty = the server's default
  std::string application_name = "pratique";
  std::chrono::seconds connect_timeout{3};             // libpq knows whole seconds only, at least 2
  std::chrono::milliseconds statement_timeout{5'000};  // a statement longer than this ends as DATABASE_TIMEOUT
  std::chrono::milliseconds lock_timeout{2'000};       // … and one that waits for a lock longer than this
};

/// A server that vanished without a word (cable, host) is noticed after about this long, on TCP.
inline constexpr std::chrono::seconds kDeadPeerLimit{20};
/// The server ends a transaction that its owner forgot; nothing of ours is idle inside one for so long.
inline constexpr std::chrono::seconds kIdleInTransactionLimit{60};

}  // namespace pratique::pg
