#include "services/onboarding/api/sessions_api.h"

#include <array>
#include <functional>

#include "libs/protocol/voucher/reasons.h"
#include "libs/rpc/timestamp.h"

namespace pratique::onboarding {

namespace {

constexpr std::array<std::pair<SessionState, v1::SessionState>, 9> kStates{{
    {SessionState::authorizing, v1::SESSION_STATE_AUTHORIZING},
    {SessionState::awaiting_approval, v1::SESSION_STATE_AWAITING_APPROVAL},
    {SessionState::awaiting_masa, v1::SESSION_STATE_AWAITING_MASA},
    {SessionState::voucher_issued, v1::SESSION_STATE_VOUCHER_ISSUED},
    {SessionState::voucher_accepted, v1::SESSION_STATE_VOUCHER_ACCEPTED},
    {SessionState::enrolled, v1::SESSION_STATE_ENROLLED},
    {SessionState::completed, v1::SESSION_STATE_COMPLETED},
    {SessionState::refused, v1::SESSION_STATE_REFUSED},
    {SessionState::expired, v1::SESSION_STATE_EXPIRED},
}};

v1::Session to_proto(const Session& session) {
  v1::Session out;
  out.set_name(session.id.name());
  out.set_protocol(session.protocol);
  for (const auto& [ours, theirs] : kStates)
    if (ours == session.state) out.set_state(theirs);
  out.set_device(session.device);
  out.set_serial_number(session.serial_number);
  out.set_remote_address(session.remote_address);
  *out.mutable_create_time() = rpc::write_time(session.created_at);
  *out.mutable_update_time() = rpc::write_time(session.updated_at);
  for (const auto& finding : session.findings) {
    auto& to = *out.add_findings();
    to.set_code(finding.code);
    to.set_message(finding.message);
    for (const auto& [key, value] : finding.evidence) (*to.mutable_evidence())[key] = value;
    if (const auto known = voucher::find_reason(finding.code)) to.set_remedy(std::string(known->remedy));
  }
  out.set_poll_count(session.poll_count);
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* SessionsApi::GetSession(grpc::CallbackServerContext* context,
                                                  const v1::GetSessionRequest* request, v1::Session* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SessionsApi::get_session, this));
}

grpc::ServerUnaryReactor* SessionsApi::ListSessions(grpc::CallbackServerContext* context,
                                                    const v1::ListSessionsRequest* request,
                                                    v1::ListSessionsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SessionsApi::list_sessions, this));
}

Result<v1::Session> SessionsApi::get_session(const rpc::CallContext&, const v1::GetSessionRequest& request) {
  TRY(const auto id, SessionId::parse_name(request.name()));
  TRY(const auto session, sessions_.get(id));
  return to_proto(session);
}

Result<v1::ListSessionsResponse> SessionsApi::list_sessions(const rpc::CallContext&,
                                                            const v1::ListSessionsRequest& request) {
  SessionQuery query;
  for (const auto& [ours, theirs] : kStates)
    if (theirs == request.state()) query.state = ours;
  query.device = request.device();
  const std::string filter = std::to_string(request.state()) + "|" + request.device();
  TRY(const auto page, rpc::parse_page(tokens_, "ListSessions", filter, request.page_size(), request.page_token()));
  query.limit = page.size + 1;
  query.after = page.after;
  TRY(auto sessions, sessions_.list(query));
  v1::ListSessionsResponse out;
  if (std::cmp_greater(sessions.size(), page.size)) {
    sessions.resize(static_cast<std::size_t>(page.size));
    out.set_next_page_token(tokens_.seal("ListSessions", filter, sessions.back().id.text()));
  }
  for (const auto& session : sessions) *out.add_sessions() = to_proto(session);
  return out;
}

}  // namespace pratique::onboarding
