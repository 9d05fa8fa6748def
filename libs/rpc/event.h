// An event of a service on the wire, and a service's feed of them as what serve_feed() pulls.
//
//   Result<rpc::Pull<common::Event>> EventsApi::watch(const rpc::CallContext&, const v1::WatchEventsRequest& request) {
//     TRY(auto feed, EventFeed::open(pool_, request.after_cursor(), {request.types().begin(), request.types().end()}));
//     return rpc::pull_events(std::move(feed));
//   }
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/timestamp.h"
#include "libs/rpc/feed.h"
#include "pratique/common/v1/event.pb.h"

namespace pratique::rpc {

pratique::common::v1::Event write_event(std::string_view cursor, Timestamp time, std::string_view type,
                                        std::string_view subject, const std::map<std::string, std::string>& facts);

/// `feed` is one reader's place (libs/pg/event_feed.h): `Result<std::vector<E>> next()`, where an E has cursor, time,
/// type, subject and facts.
template <typename Feed>
Pull<pratique::common::v1::Event> pull_events(Feed feed) {
  return [feed = std::move(feed)]() mutable -> Result<std::vector<pratique::common::v1::Event>> {
    TRY(const auto page, feed.next());
    std::vector<pratique::common::v1::Event> out;
    out.reserve(page.size());
    for (const auto& event : page)
      out.push_back(write_event(event.cursor, event.time, event.type, event.subject, event.facts));
    return out;
  };
}

}  // namespace pratique::rpc
