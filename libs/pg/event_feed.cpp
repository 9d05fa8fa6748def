#include "libs/pg/event_feed.h"

#include <algorithm>
#include <charconv>

namespace pratique::pg {
namespace {

using obs::Reason;
using enum ErrorCode;

constexpr Reason kFactsMalformed{"FACTS_MALFORMED", data_loss, "stored facts of an event cannot be read"};
constexpr Reason kCursorInvalid{"EVENT_CURSOR_INVALID", invalid_argument, "the cursor was not given out here"};
constexpr Reason kCursorTrimmed{"EVENT_CURSOR_TRIMMED", out_of_range, "events after the cursor are no longer kept",
                                "take a full listing, then watch from \"now\" or from the oldest"};
constexpr Reason kCursorAhead{"EVENT_CURSOR_AHEAD", out_of_range, "the database was restored to before this cursor",
                              "take a full listing, then watch from \"now\" or from the oldest"};

constexpr std::chrono::seconds kReadLimit{5};
// Pages in which nothing was of a wanted type, until others have their turn.
constexpr int kPagesATurn = 10;

Result<std::int64_t> parse_cursor(std::string_view text) {
  std::int64_t cursor = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), cursor);
  if (failed != std::errc{} || end != text.data() + text.size() || cursor < 0)
    return kCursorInvalid.error("the cursor is not one that was given out here");
  return cursor;
}

}  // namespace

Result<EventFeed> EventFeed::open(Pool& pool, std::string_view after, std::vector<std::string> types) {
  if (types.size() > kMaxEventTypes)
    return invalid("FIELD_INVALID", "types: holds more than " + std::to_string(kMaxEventTypes)).with("field", "types");
  std::ranges::sort(types);
  if (!after.empty() && after != "now") {
    TRY(const auto cursor, parse_cursor(after));
    return EventFeed(pool, cursor, std::move(types));
  }
  TRY(const auto cursor, pool.look(within(kReadLimit), [&](Tx& tx) {
    return after == "now" ? outbox::head(tx) : outbox::tail(tx);
  }));
  return EventFeed(pool, cursor, std::move(types));
}

Result<std::vector<FeedEvent>> EventFeed::next() {
  std::vector<FeedEvent> out;
  for (int pages = 0; out.empty() && pages < kPagesATurn; ++pages) {
    TRY(const auto page, pool_->look(within(kReadLimit), [&](Tx& tx) {
      return outbox::read(tx, cursor_, kEventPage);
    }));
    if (page.empty()) break;
    for (const auto& event : page) {
      if (!types_.empty() && !std::ranges::binary_search(types_, event.type)) continue;
      TRY(auto facts, event_facts(event));
      out.push_back({std::to_string(event.sequence), event.at, event.type, event.subject, std::move(facts)});
    }
    cursor_ = page.back().sequence;
  }
  return out;
}

void describe_events(obs::Catalogue& catalogue) {
  catalogue.reasons({&kFactsMalformed, &kCursorInvalid, &kCursorTrimmed, &kCursorAhead});
}

}  // namespace pratique::pg
