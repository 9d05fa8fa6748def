// Reading events on from a cursor, a page at a time.
//
// A cursor is the number of the last event that the reader has; opaque to the API's clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/pool.h"
#include "services/registrar/domain/audit_entry.h"

namespace pratique::registrar {

inline constexpr int kEventPage = 200;
inline constexpr std::size_t kMaxEventTypes = 64;  // in one reader's filter

struct FeedEvent {
  std::string cursor;
  Timestamp time;
  std::string type;
  std::string subject;
  Facts facts;
};

/// One reader's place. Not thread-safe; any number may read one pool.
class EventFeed {
 public:
  /// `after` "" starts at the oldest event that is kept, "now" behind the newest. INVALID_ARGUMENT
  /// EVENT_CURSOR_INVALID, FIELD_INVALID (more than kMaxEventTypes). `pool` outlives it.
  static Result<EventFeed> open(pg::Pool& pool, std::string_view after, std::vector<std::string> types);
  /// What is there now, at most kEventPage; empty when there is nothing yet. OUT_OF_RANGE EVENT_CURSOR_TRIMMED,
  /// EVENT_CURSOR_AHEAD: the reader takes a full listing and starts anew.
  Result<std::vector<FeedEvent>> next();

 private:
  EventFeed(pg::Pool& pool, std::int64_t cursor, std::vector<std::string> types)
      : pool_(&pool), cursor_(cursor), types_(std::move(types)) {}

  pg::Pool* pool_;
  std::int64_t cursor_;
  std::vector<std::string> types_;  // empty: all
};

}  // namespace pratique::registrar
