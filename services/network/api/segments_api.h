// pratique.network.v1.Segments over Segments.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/network/v1/segment.grpc.pb.h"
#include "services/network/app/sites.h"

namespace pratique::network {

class SegmentsApi final : public v1::Segments::CallbackService {
 public:
  /// All outlive it.
  SegmentsApi(rpc::Server& server, const rpc::PageTokens& tokens, Segments& segments)
      : server_(server), tokens_(tokens), segments_(segments) {}

  grpc::ServerUnaryReactor* CreateSegment(grpc::CallbackServerContext* context, const v1::CreateSegmentRequest* request,
                                          v1::Segment* response) override;
  grpc::ServerUnaryReactor* GetSegment(grpc::CallbackServerContext* context, const v1::GetSegmentRequest* request,
                                       v1::Segment* response) override;
  grpc::ServerUnaryReactor* ListSegments(grpc::CallbackServerContext* context, const v1::ListSegmentsRequest* request,
                                         v1::ListSegmentsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSegment(grpc::CallbackServerContext* context, const v1::UpdateSegmentRequest* request,
                                          v1::Segment* response) override;
  grpc::ServerUnaryReactor* DeleteSegment(grpc::CallbackServerContext* context, const v1::DeleteSegmentRequest* request,
                                          v1::DeleteSegmentResponse* response) override;

 private:
  Result<v1::Segment> create(const rpc::CallContext& call, const v1::CreateSegmentRequest& request);
  Result<v1::Segment> get(const rpc::CallContext& call, const v1::GetSegmentRequest& request);
  Result<v1::ListSegmentsResponse> list(const rpc::CallContext& call, const v1::ListSegmentsRequest& request);
  Result<v1::Segment> update(const rpc::CallContext& call, const v1::UpdateSegmentRequest& request);
  Result<v1::DeleteSegmentResponse> remove(const rpc::CallContext& call, const v1::DeleteSegmentRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Segments& segments_;
};

}  // namespace pratique::network
