// pratique.registrar.v1.Events over EventFeed: the stream uses no worker.
#pragma once

#include "libs/rpc/event.h"
#include "pratique/registrar/v1/event.grpc.pb.h"
#include "services/registrar/app/event_feed.h"

namespace pratique::registrar {

class EventsApi final : public v1::Events::CallbackService {
 public:
  /// Both outlive it.
  EventsApi(rpc::Server& server, pg::Pool& pool) : server_(server), pool_(pool) {}

  grpc::ServerWriteReactor<pratique::common::v1::Event>* WatchEvents(grpc::CallbackServerContext* context,
                                                                     const v1::WatchEventsRequest* request) override;
  grpc::ServerUnaryReactor* GetCursor(grpc::CallbackServerContext* context, const v1::GetCursorRequest* request,
                                      v1::Cursor* response) override;

 private:
  Result<rpc::Pull<pratique::common::v1::Event>> watch(const rpc::CallContext& call,
                                                       const v1::WatchEventsRequest& request);
  Result<v1::Cursor> cursor(const rpc::CallContext& call, const v1::GetCursorRequest& request);

  rpc::Server& server_;
  pg::Pool& pool_;
};

}  // namespace pratique::registrar
