// Structured logs: one JSON object a line on stderr.
//
//   {"time":"2026-11-24T06:38:27.123Z","level":"info","service":"registrar","event":"device_approved",
//    "trace":"4bf9…","device":"p-1f0c…","outcome":"admitted"}
//
// An event comes from the catalogue; what varies goes into fields. Never log a secret, a token, a voucher or
// a device's identifier: devices appear as Pseudonyms make them (libs/obs/pseudonym.h). Errors are logged by
// whoever handles them, once.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "libs/base/clock.h"
#include "libs/base/error.h"
#include "libs/obs/catalogue.h"

namespace pratique::obs {

/// Longer texts are cut, so that a peer cannot flood the log.
inline constexpr std::size_t kMaxFieldBytes = 1024;

struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <std::integral I>
  Field(std::string_view k, I v) : key(k), value(static_cast<std::int64_t>(v)) {}
};

/// Thread-safe; one a process.
class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;  // called with whole lines, one at a time

  /// Writes to stderr.
  Log(const Catalogue& catalogue, Level least, const Clock& clock);
  /// Writes to `sink`; for tests and programs that own their terminal.
  Log(const Catalogue& catalogue, Level least, const Clock& clock, Sink sink);
  ~Log();

  void write(const Event& event, std::initializer_list<Field> fields = {}) const;
  /// Adds code, reason, message and evidence of `error`.
  void write(const Event& event, const Error& error, std::initializer_list<Field> fields = {}) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// While it lives, every line that this thread logs carries the trace id, and libs/rpc sends it to peers.
class TraceScope {
 public:
  explicit TraceScope(std::string trace_id);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

  /// Of this thread; empty outside any scope.
  static const std::string& current();

 private:
  std::string before_;
};

}  // namespace pratique::obs
