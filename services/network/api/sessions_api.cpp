#include "services/network/api/sessions_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/timestamp.h"
#include "services/network/api/session_message.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

constexpr std::string_view kList = "ListSessions", kListAttempts = "ListAttempts";

std::string text_of(const google::protobuf::Timestamp& time) {
  return std::to_string(time.seconds()) + '.' + std::to_string(time.nanos());
}

Result<std::optional<MacAddress>> read_mac(const std::string& text) {
  if (text.empty()) return std::optional<MacAddress>{};
  const auto mac = MacAddress::parse(text);
  if (!mac) return field_invalid("mac_address", "is no MAC address");
  return std::optional(*mac);
}

Result<std::optional<Timestamp>> read_time(std::string_view field, bool given,
                                           const google::protobuf::Timestamp& message) {
  if (!given) return std::optional<Timestamp>{};
  TRY(const auto time, rpc::read_time(field, message));
  return std::optional(time);
}

Result<std::optional<bool>> read_verdict(v1::AttemptVerdict verdict) {
  switch (verdict) {
    case v1::ATTEMPT_VERDICT_UNSPECIFIED: return std::optional<bool>{};
    case v1::ATTEMPT_VERDICT_ACCEPTED: return std::optional(true);
    case v1::ATTEMPT_VERDICT_REFUSED: return std::optional(false);
    default: return field_invalid("verdict", "is unknown");
  }
}

}  // namespace

grpc::ServerUnaryReactor* SessionsApi::GetSession(grpc::CallbackServerContext* context,
                                                  const v1::GetSessionRequest* request, v1::Session* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SessionsApi::get, this));
}

grpc::ServerUnaryReactor* SessionsApi::ListSessions(grpc::CallbackServerContext* context,
                                                    const v1::ListSessionsRequest* request,
                                                    v1::ListSessionsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SessionsApi::list, this));
}

grpc::ServerUnaryReactor* SessionsApi::EndSession(grpc::CallbackServerContext* context,
                                                  const v1::EndSessionRequest* request, v1::Session* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SessionsApi::end, this));
}

grpc::ServerUnaryReactor* SessionsApi::ListAttempts(grpc::CallbackServerContext* context,
                                                    const v1::ListAttemptsRequest* request,
                                                    v1::ListAttemptsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SessionsApi::list_attempts, this));
}

Result<v1::Session> SessionsApi::get(const rpc::CallContext& call, const v1::GetSessionRequest& request) {
  TRY(const auto id, SessionId::parse_name(request.name()));
  TRY(const auto session, sessions_.get(to_call(call), id));
  return message_of(session);
}

Result<v1::ListSessionsResponse> SessionsApi::list(const rpc::CallContext& call,
                                                   const v1::ListSessionsRequest& request) {
  SessionFilter filter;
  TRY(filter.device, read_reference<DeviceId>("device", request.device()));
  TRY(filter.on_switch, read_reference<SwitchId>("network_switch", request.network_switch()));
  TRY(filter.port, read_reference<PortId>("port", request.port()));
  TRY(filter.mac, read_mac(request.mac_address()));
  TRY(filter.at, read_time("at_time", request.has_at_time(), request.at_time()));
  filter.open = request.open();
  const auto sealed = filter_text({request.device(), request.network_switch(), request.port(), request.mac_address(),
                                   request.has_at_time() ? text_of(request.at_time()) : "",
                                   request.open() ? "open" : ""});
  TRY(const auto page, rpc::parse_page(tokens_, kList, sealed, request.page_size(), request.page_token()));
  SessionId after;
  if (!page.after.empty()) {
    TRY(after, SessionId::parse(page.after));
  }
  TRY(const auto found, sessions_.list(to_call(call), filter, after, page.size + 1));
  v1::ListSessionsResponse response;
  SessionId last;
  for (const Session& session : found) {
    if (response.sessions_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, sealed, last.text()));
      break;
    }
    *response.add_sessions() = message_of(session);
    last = session.id;
  }
  return response;
}

Result<v1::Session> SessionsApi::end(const rpc::CallContext& call, const v1::EndSessionRequest& request) {
  TRY(const auto id, SessionId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto session, sessions_.end(change, id, request.reason()));
  return message_of(session);
}

Result<v1::ListAttemptsResponse> SessionsApi::list_attempts(const rpc::CallContext& call,
                                                            const v1::ListAttemptsRequest& request) {
  AttemptFilter filter;
  TRY(filter.device, read_reference<DeviceId>("device", request.device()));
  TRY(filter.on_switch, read_reference<SwitchId>("network_switch", request.network_switch()));
  TRY(filter.port, read_reference<PortId>("port", request.port()));
  TRY(filter.mac, read_mac(request.mac_address()));
  TRY(filter.accepted, read_verdict(request.verdict()));
  TRY(filter.from, read_time("start_time", request.has_start_time(), request.start_time()));
  TRY(filter.until, read_time("end_time", request.has_end_time(), request.end_time()));
  const auto sealed = filter_text({request.device(), request.network_switch(), request.port(), request.mac_address(),
                                   std::to_string(request.verdict()),
                                   request.has_start_time() ? text_of(request.start_time()) : "",
                                   request.has_end_time() ? text_of(request.end_time()) : ""});
  TRY(const auto page, rpc::parse_page(tokens_, kListAttempts, sealed, request.page_size(), request.page_token()));
  TRY(const auto found, attempts_.list(to_call(call), filter, page.after, page.size + 1));
  v1::ListAttemptsResponse response;
  std::string last;
  for (const auto& [attempt, place] : found) {
    if (response.attempts_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kListAttempts, sealed, last));
      break;
    }
    *response.add_attempts() = message_of(attempt);
    last = place;
  }
  return response;
}

}  // namespace pratique::network
