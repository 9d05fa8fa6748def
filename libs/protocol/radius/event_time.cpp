#include "libs/protocol/radius/event_time.h"

#include "libs/protocol/radius/reasons.h"
#include "libs/protocol/radius/values.h"

namespace pratique::radius {

void judge_event_time(const Packet& packet, bool required, std::chrono::seconds window, Timestamp now,
                      Verdict& verdict) {
  const auto found = find_time(packet, AttributeType::event_timestamp);
  if (!found) return verdict.refuse(reason::kEventTimestampUnreadable, found.error().message);
  if (!found->has_value()) {
    if (required) verdict.refuse(reason::kEventTimestampMissing, reason::kEventTimestampMissing.meaning);
    return;
  }
  const auto time = **found;
  const auto off = time > now ? time - now : now - time;
  // The packet's time is cut to the second.
  if (off >= window + std::chrono::seconds(1))
    verdict.refuse(reason::kEventTimestampStale, reason::kEventTimestampStale.meaning,
                   {{"event_timestamp", format_rfc3339(time)}, {"now", format_rfc3339(now)}});
}

}  // namespace pratique::radius
