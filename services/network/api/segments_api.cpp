#include "services/network/api/segments_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "services/network/api/segment_message.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

constexpr std::string_view kList = "ListSegments";

}  // namespace

grpc::ServerUnaryReactor* SegmentsApi::CreateSegment(grpc::CallbackServerContext* context,
                                                     const v1::CreateSegmentRequest* request, v1::Segment* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SegmentsApi::create, this));
}

grpc::ServerUnaryReactor* SegmentsApi::GetSegment(grpc::CallbackServerContext* context,
                                                  const v1::GetSegmentRequest* request, v1::Segment* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SegmentsApi::get, this));
}

grpc::ServerUnaryReactor* SegmentsApi::ListSegments(grpc::CallbackServerContext* context,
                                                    const v1::ListSegmentsRequest* request,
                                                    v1::ListSegmentsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SegmentsApi::list, this));
}

grpc::ServerUnaryReactor* SegmentsApi::UpdateSegment(grpc::CallbackServerContext* context,
                                                     const v1::UpdateSegmentRequest* request, v1::Segment* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SegmentsApi::update, this));
}

grpc::ServerUnaryReactor* SegmentsApi::DeleteSegment(grpc::CallbackServerContext* context,
                                                     const v1::DeleteSegmentRequest* request,
                                                     v1::DeleteSegmentResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SegmentsApi::remove, this));
}

Result<v1::Segment> SegmentsApi::create(const rpc::CallContext& call, const v1::CreateSegmentRequest& request) {
  TRY(const auto wanted, read_segment(request.segment()));
  if (wanted.purpose != SegmentPurpose::production)
    return field_invalid("segment.purpose", "must be PRODUCTION: of the other two there is one each");
  TRY(const auto change, to_change(call, request));
  TRY(const auto segment, segments_.create(change, wanted));
  return message_of(segment);
}

Result<v1::Segment> SegmentsApi::get(const rpc::CallContext& call, const v1::GetSegmentRequest& request) {
  TRY(const auto id, SegmentId::parse_name(request.name()));
  TRY(const auto segment, segments_.get(to_call(call), id));
  return message_of(segment);
}

Result<v1::ListSegmentsResponse> SegmentsApi::list(const rpc::CallContext& call,
                                                   const v1::ListSegmentsRequest& request) {
  TRY(const auto page, rpc::parse_page(tokens_, kList, "", request.page_size(), request.page_token()));
  TRY(const auto found, segments_.list(to_call(call), page.after, page.size + 1));
  v1::ListSegmentsResponse response;
  for (const Segment& segment : found) {
    if (response.segments_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, "", response.segments().rbegin()->short_name()));
      break;
    }
    *response.add_segments() = message_of(segment);
  }
  return response;
}

Result<v1::Segment> SegmentsApi::update(const rpc::CallContext& call, const v1::UpdateSegmentRequest& request) {
  const auto& wanted = request.segment();
  TRY(const auto id, SegmentId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto segment, segments_.update(change, id, [&](const Segment& current) -> Result<Segment> {
    auto edited = message_of(current);
    TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
    TRY_VOID(rpc::apply_update_mask(request.update_mask(), wanted, {"display_name", "vlan"}, edited));
    return read_segment(edited);
  }));
  return message_of(segment);
}

Result<v1::DeleteSegmentResponse> SegmentsApi::remove(const rpc::CallContext& call,
                                                      const v1::DeleteSegmentRequest& request) {
  TRY(const auto id, SegmentId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY_VOID(segments_.remove(change, id, [&](const Segment& current) {
    return rpc::check_etag(request.etag(), rpc::make_etag(current.id.name(), current.version));
  }));
  return v1::DeleteSegmentResponse{};
}

}  // namespace pratique::network
