#include "services/registrar/api/events_api.h"

#include "libs/rpc/timestamp.h"

namespace pratique::registrar {

namespace common = pratique::common::v1;

grpc::ServerWriteReactor<common::Event>* EventsApi::WatchEvents(grpc::CallbackServerContext* context,
                                                                const v1::WatchEventsRequest* request) {
  return rpc::serve_feed<common::Event>(server_, context, request, std::bind_front(&EventsApi::watch, this));
}

Result<rpc::Pull<common::Event>> EventsApi::watch(const rpc::CallContext&, const v1::WatchEventsRequest& request) {
  TRY(auto feed, EventFeed::open(pool_, request.after_cursor(), {request.types().begin(), request.types().end()}));
  return rpc::Pull<common::Event>([feed = std::move(feed)]() mutable -> Result<std::vector<common::Event>> {
    TRY(const auto page, feed.next());
    std::vector<common::Event> out;
    out.reserve(page.size());
    for (const FeedEvent& event : page) {
      common::Event& message = out.emplace_back();
      message.set_cursor(event.cursor);
      *message.mutable_time() = rpc::write_time(event.time);
      message.set_type(event.type);
      message.set_subject(event.subject);
      for (const auto& [name, value] : event.facts) (*message.mutable_facts())[name] = value;
    }
    return out;
  });
}

}  // namespace pratique::registrar
