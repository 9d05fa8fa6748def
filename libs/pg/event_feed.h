// Reading a service's events on from a cursor, a page at a time: what WatchEvents gives its readers.
//
// A cursor is the number of the last event that the reader has; opaque to the API's clients.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/obs/catalogue.h"
#include "libs/pg/events.h"
#include "libs/pg/pool.h"

namespace pratique::pg {

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
  static Result<EventFeed> open(Pool& pool, std::string_view after, std::vector<std::string> types);
  /// What is there now, at most kEventPage; empty when there is nothing yet. OUT_OF_RANGE EVENT_CURSOR_TRIMMED,
  /// EVENT_CURSOR_AHEAD: the reader takes a full listing and starts anew. DATA_LOSS FACTS_MALFORMED.
  Result<std::vector<FeedEvent>> next();
  /// The last event that it has, or where it began.
  std::string cursor() const { return std::to_string(cursor_); }

 private:
  EventFeed(Pool& pool, std::int64_t cursor, std::vector<std::string> types)
      : pool_(&pool), cursor_(cursor), types_(std::move(types)) {}

  Pool* pool_;
  std::int64_t cursor_;
  std::vector<std::string> types_;  // empty: all
};

/// The reasons above, for the catalogue of a service that has events; FIELD_INVALID is its own.
void describe_events(obs::Catalogue& catalogue);

}  // namespace pratique::pg
