#include "services/registrar/api/policies_api.h"

#include <charconv>

#include "libs/rpc/change.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/api/policy_message.h"
#include "services/registrar/api/wire.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListPolicies";

/// The priority behind which the page begins; our own sealed word.
std::int32_t priority_after(std::string_view key) {
  std::int32_t priority = -1;
  std::from_chars(key.data(), key.data() + key.size(), priority);
  return priority;
}

}  // namespace

grpc::ServerUnaryReactor* PoliciesApi::CreatePolicy(grpc::CallbackServerContext* context,
                                                    const v1::CreatePolicyRequest* request, v1::Policy* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&PoliciesApi::create, this));
}

grpc::ServerUnaryReactor* PoliciesApi::GetPolicy(grpc::CallbackServerContext* context,
                                                 const v1::GetPolicyRequest* request, v1::Policy* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&PoliciesApi::get, this));
}

grpc::ServerUnaryReactor* PoliciesApi::ListPolicies(grpc::CallbackServerContext* context,
                                                    const v1::ListPoliciesRequest* request,
                                                    v1::ListPoliciesResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&PoliciesApi::list, this));
}

grpc::ServerUnaryReactor* PoliciesApi::UpdatePolicy(grpc::CallbackServerContext* context,
                                                    const v1::UpdatePolicyRequest* request, v1::Policy* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&PoliciesApi::update, this));
}

grpc::ServerUnaryReactor* PoliciesApi::DeletePolicy(grpc::CallbackServerContext* context,
                                                    const v1::DeletePolicyRequest* request,
                                                    v1::DeletePolicyResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&PoliciesApi::remove, this));
}

grpc::ServerUnaryReactor* PoliciesApi::TestPolicies(grpc::CallbackServerContext* context,
                                                    const v1::TestPoliciesRequest* request,
                                                    v1::TestPoliciesResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&PoliciesApi::test, this));
}

Result<v1::Policy> PoliciesApi::create(const rpc::CallContext& call, const v1::CreatePolicyRequest& request) {
  TRY(const auto wanted, read_policy(request.policy()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto policy, policies_.create(change, wanted));
  return message_of(policy);
}

Result<v1::Policy> PoliciesApi::get(const rpc::CallContext& call, const v1::GetPolicyRequest& request) {
  TRY(const auto id, PolicyId::parse_name(request.name()));
  TRY(const auto policy, policies_.get(to_call(call), id));
  return message_of(policy);
}

Result<v1::ListPoliciesResponse> PoliciesApi::list(const rpc::CallContext& call,
                                                   const v1::ListPoliciesRequest& request) {
  TRY(const auto page, rpc::parse_page(tokens_, kList, "", request.page_size(), request.page_token()));
  TRY(const auto found, policies_.list(to_call(call), priority_after(page.after), page.size + 1));
  v1::ListPoliciesResponse response;
  std::int32_t last = 0;
  for (const Policy& policy : found) {
    if (response.policies_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, "", std::to_string(last)));
      break;
    }
    *response.add_policies() = message_of(policy);
    last = policy.priority;
  }
  return response;
}

Result<v1::Policy> PoliciesApi::update(const rpc::CallContext& call, const v1::UpdatePolicyRequest& request) {
  const auto& wanted = request.policy();
  TRY(const auto id, PolicyId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto policy, policies_.update(change, id, [&](const Policy& current) -> Result<Policy> {
    auto edited = message_of(current);
    TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
    TRY_VOID(rpc::apply_update_mask(
        request.update_mask(), wanted,
        {"display_name", "priority", "disabled", "manufacturer", "model_pattern", "serial_pattern", "location_pattern",
         "protocols", "start_time", "end_time", "effect", "segment", "credential_profile", "approvals_required"},
        edited));
    return read_policy(edited);
  }));
  return message_of(policy);
}

Result<v1::DeletePolicyResponse> PoliciesApi::remove(const rpc::CallContext& call,
                                                     const v1::DeletePolicyRequest& request) {
  TRY(const auto id, PolicyId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY_VOID(policies_.remove(change, id, [&](const Policy& current) {
    return rpc::check_etag(request.etag(), rpc::make_etag(current.id.name(), current.version));
  }));
  return v1::DeletePolicyResponse{};
}

Result<v1::TestPoliciesResponse> PoliciesApi::test(const rpc::CallContext& call,
                                                   const v1::TestPoliciesRequest& request) {
  PolicyQuestion question;
  if (!request.device().empty()) {
    TRY(question.device, DeviceId::parse_name(request.device()));
  }
  if (!request.manufacturer().empty()) {
    TRY(question.facts.manufacturer, ManufacturerId::parse_name(request.manufacturer()));
  }
  question.facts.model = request.model();
  question.facts.serial_number = request.serial_number();
  question.facts.location = request.location();
  question.facts.protocol = request.protocol();
  if (request.has_time()) {
    TRY(question.time, rpc::read_time("time", request.time()));
  }
  TRY(const auto answer, policies_.test(to_call(call), question));
  v1::TestPoliciesResponse response;
  response.set_effect(message_of(answer.effect));
  response.set_decided_by(answer.decided_by);
  response.set_segment(answer.segment);
  response.set_credential_profile(answer.credential_profile);
  for (const auto& step : answer.trace) {
    auto* out = response.add_trace();
    out->set_rule(step.rule.name());
    out->set_display_name(step.display_name);
    out->set_matched(step.matched);
    out->set_explanation(step.explanation);
  }
  for (const auto& finding : answer.findings) write(reasons_.explain(finding), response.add_findings());
  return response;
}

}  // namespace pratique::registrar
