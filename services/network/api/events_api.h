// pratique.network.v1.Events over the event feed: a stream that uses no worker.
#pragma once

#include "libs/rpc/event.h"
#include "libs/rpc/feed.h"
#include "pratique/network/v1/event.grpc.pb.h"
#include "services/network/app/event_feed.h"

namespace pratique::network {

class EventsApi final : public v1::Events::CallbackService {
 public:
  /// Both outlive it.
  EventsApi(rpc::Server& server, pg::Pool& pool) : server_(server), pool_(pool) {}

  grpc::ServerWriteReactor<pratique::common::v1::Event>* WatchEvents(grpc::CallbackServerContext* context,
                                                                     const v1::WatchEventsRequest* request) override;

 private:
  Result<rpc::Pull<pratique::common::v1::Event>> watch(const rpc::CallContext& call,
                                                       const v1::WatchEventsRequest& request);

  rpc::Server& server_;
  pg::Pool& pool_;
};

}  // namespace pratique::network
