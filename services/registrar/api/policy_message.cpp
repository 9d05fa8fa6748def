#include "services/registrar/api/policy_message.h"

#include <algorithm>

#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

Result<PolicyEffect> read_effect(v1::PolicyEffect effect) {
  for (const auto known : {PolicyEffect::allow, PolicyEffect::deny, PolicyEffect::ask})
    if (message_of(known) == effect) return known;
  return field_invalid("policy.effect", "must be ALLOW, DENY or ASK");
}

}  // namespace

v1::PolicyEffect message_of(PolicyEffect effect) {
  switch (effect) {
    case PolicyEffect::allow: return v1::POLICY_EFFECT_ALLOW;
    case PolicyEffect::deny: return v1::POLICY_EFFECT_DENY;
    case PolicyEffect::ask: return v1::POLICY_EFFECT_ASK;
  }
  return v1::POLICY_EFFECT_UNSPECIFIED;
}

v1::Policy message_of(const Policy& policy) {
  v1::Policy out;
  out.set_name(policy.id.name());
  out.set_display_name(policy.display_name);
  out.set_priority(policy.priority);
  out.set_disabled(policy.disabled);
  out.set_manufacturer(name_of(policy.manufacturer));
  out.set_model_pattern(policy.model_pattern);
  out.set_serial_pattern(policy.serial_pattern);
  out.set_location_pattern(policy.location_pattern);
  for (const auto& protocol : policy.protocols) out.add_protocols(protocol);
  if (policy.start_time) *out.mutable_start_time() = rpc::write_time(*policy.start_time);
  if (policy.end_time) *out.mutable_end_time() = rpc::write_time(*policy.end_time);
  out.set_effect(message_of(policy.effect));
  out.set_segment(policy.segment);
  out.set_credential_profile(policy.credential_profile);
  out.set_approvals_required(policy.approvals_required);
  *out.mutable_create_time() = rpc::write_time(policy.create_time);
  *out.mutable_update_time() = rpc::write_time(policy.update_time);
  out.set_etag(rpc::make_etag(policy.id.name(), policy.version));
  return out;
}

Result<Policy> read_policy(const v1::Policy& message) {
  Policy out;
  out.display_name = message.display_name();
  out.priority = message.priority();
  out.disabled = message.disabled();
  if (!message.manufacturer().empty()) {
    TRY(out.manufacturer, ManufacturerId::parse_name(message.manufacturer()).with_context("policy.manufacturer"));
  }
  out.model_pattern = message.model_pattern();
  out.serial_pattern = message.serial_pattern();
  out.location_pattern = message.location_pattern();
  out.protocols.assign(message.protocols().begin(), message.protocols().end());
  if (message.has_start_time()) {
    TRY(out.start_time, rpc::read_time("policy.start_time", message.start_time()));
  }
  if (message.has_end_time()) {
    TRY(out.end_time, rpc::read_time("policy.end_time", message.end_time()));
  }
  TRY(out.effect, read_effect(message.effect()));
  out.segment = message.segment();
  out.credential_profile = message.credential_profile();
  out.approvals_required = message.approvals_required() == 0 ? 1 : message.approvals_required();
  return out;
}

}  // namespace pratique::registrar
