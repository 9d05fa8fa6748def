#include "services/registrar/api/events_api.h"

namespace pratique::registrar {

namespace common = pratique::common::v1;

grpc::ServerWriteReactor<common::Event>* EventsApi::WatchEvents(grpc::CallbackServerContext* context,
                                                                const v1::WatchEventsRequest* request) {
  return rpc::serve_feed<common::Event>(server_, context, request, std::bind_front(&EventsApi::watch, this));
}

Result<rpc::Pull<common::Event>> EventsApi::watch(const rpc::CallContext&, const v1::WatchEventsRequest& request) {
  TRY(auto feed, EventFeed::open(pool_, request.after_cursor(), {request.types().begin(), request.types().end()}));
  return rpc::pull_events(std::move(feed));
}

grpc::ServerUnaryReactor* EventsApi::GetCursor(grpc::CallbackServerContext* context,
                                               const v1::GetCursorRequest* request, v1::Cursor* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&EventsApi::cursor, this));
}

Result<v1::Cursor> EventsApi::cursor(const rpc::CallContext&, const v1::GetCursorRequest&) {
  TRY(const auto feed, EventFeed::open(pool_, "now", {}));
  v1::Cursor out;
  out.set_cursor(feed.cursor());
  return out;
}

}  // namespace pratique::registrar
