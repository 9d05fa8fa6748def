#include "services/network/api/events_api.h"

namespace pratique::network {

namespace common = pratique::common::v1;

grpc::ServerWriteReactor<common::Event>* EventsApi::WatchEvents(grpc::CallbackServerContext* context,
                                                                const v1::WatchEventsRequest* request) {
  return rpc::serve_feed<common::Event>(server_, context, request, std::bind_front(&EventsApi::watch, this));
}

Result<rpc::Pull<common::Event>> EventsApi::watch(const rpc::CallContext&, const v1::WatchEventsRequest& request) {
  TRY(auto feed, EventFeed::open(pool_, request.after_cursor(), {request.types().begin(), request.types().end()}));
  return rpc::pull_events(std::move(feed));
}

}  // namespace pratique::network
