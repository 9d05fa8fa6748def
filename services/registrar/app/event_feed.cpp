#include "services/registrar/app/event_feed.h"

#include <algorithm>
#include <charconv>

#include "services/registrar/domain/field_text.h"
#include "services/registrar/storage/events.h"

namespace pratique::registrar {
namespace {

constexpr std::chrono::seconds kReadLimit{5};
// Pages in which nothing was of a wanted type, until others have their turn.
constexpr int kPagesATurn = 10;

Result<std::int64_t> parse_cursor(std::string_view text) {
  std::int64_t cursor = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), cursor);
  if (failed != std::errc{} || end != text.data() + text.size() || cursor < 0)
    return invalid("EVENT_CURSOR_INVALID", "the cursor is not one that was given out here");
  return cursor;
}

}  // namespace

Result<EventFeed> EventFeed::open(pg::Pool& pool, std::string_view after, std::vector<std::string> types) {
  if (types.size() > kMaxEventTypes) return field_invalid("types", "holds more than 64");
  std::ranges::sort(types);
  if (!after.empty() && after != "now") {
    TRY(const auto cursor, parse_cursor(after));
    return EventFeed(pool, cursor, std::move(types));
  }
  TRY(const auto cursor, pool.read(pg::within(kReadLimit), [&](pg::Tx& tx) {
    return after == "now" ? pg::outbox::head(tx) : pg::outbox::tail(tx);
  }));
  return EventFeed(pool, cursor, std::move(types));
}

Result<std::vector<FeedEvent>> EventFeed::next() {
  std::vector<FeedEvent> out;
  for (int pages = 0; out.empty() && pages < kPagesATurn; ++pages) {
    TRY(const auto page, pool_->read(pg::within(kReadLimit), [&](pg::Tx& tx) {
      return pg::outbox::read(tx, cursor_, kEventPage);
    }));
    if (page.empty()) break;
    for (const auto& event : page) {
      if (!types_.empty() && !std::ranges::binary_search(types_, event.type)) continue;
      TRY(auto facts, parse_event_facts(event.payload));
      out.push_back({std::to_string(event.sequence), event.at, event.type, event.subject, std::move(facts)});
    }
    cursor_ = page.back().sequence;
  }
  return out;
}

}  // namespace pratique::registrar
