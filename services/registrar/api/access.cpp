#include "services/registrar/api/access.h"

namespace pratique::registrar {
namespace {

using rpc::Role;

std::string method(std::string_view name) { return "/pratique.registrar.v1." + std::string(name); }

}  // namespace

rpc::Access access() {
  const std::vector<rpc::Allowed> everybody{rpc::operators(Role::viewer)};
  const std::vector<rpc::Allowed> everybody_and_services{rpc::operators(Role::viewer), rpc::any_service()};
  // It takes a full listing where it cannot go on from where it was.
  const std::vector<rpc::Allowed> everybody_and_network{rpc::operators(Role::viewer), rpc::service("network")};
  const std::vector<rpc::Allowed> operators{rpc::operators(Role::operator_)};
  const std::vector<rpc::Allowed> admins{rpc::operators(Role::admin)};
  const std::vector<rpc::Allowed> onboarding{rpc::service("onboarding")};
  return {
      {method("Devices/CreateDevice"), operators},
      {method("Devices/GetDevice"), everybody},
      {method("Devices/ListDevices"), everybody_and_network},
      {method("Devices/UpdateDevice"), operators},
      {method("Devices/QuarantineDevice"), operators},
      {method("Devices/ReleaseDevice"), operators},
      {method("Devices/RetireDevice"), operators},
      {method("Devices/ResetDevice"), operators},
      {method("Devices/ExplainDevice"), everybody},

      {method("Manufacturers/CreateManufacturer"), admins},
      {method("Manufacturers/GetManufacturer"), everybody},
      {method("Manufacturers/ListManufacturers"), everybody},
      {method("Manufacturers/UpdateManufacturer"), admins},
      {method("Manufacturers/AddTrustAnchor"), admins},
      {method("Manufacturers/RemoveTrustAnchor"), admins},

      {method("Policies/CreatePolicy"), admins},
      {method("Policies/GetPolicy"), everybody},
      {method("Policies/ListPolicies"), everybody},
      {method("Policies/UpdatePolicy"), admins},
      {method("Policies/DeletePolicy"), admins},
      {method("Policies/TestPolicies"), everybody},

      {method("Approvals/GetApproval"), everybody},
      {method("Approvals/ListApprovals"), everybody},
      {method("Approvals/Approve"), operators},
      {method("Approvals/Deny"), operators},

      {method("Admission/JudgeDevice"), onboarding},
      {method("Admission/RecordVoucher"), onboarding},
      {method("Admission/RecordRefusal"), onboarding},
      {method("Admission/RecordTelemetry"), onboarding},
      {method("Admission/GetCredentialTemplate"), onboarding},
      {method("Admission/IssueCredential"), onboarding},
      {method("Admission/IdentifyCredential"), {rpc::service("onboarding"), rpc::service("network")}},

      {method("Credentials/GetCredential"), everybody},
      {method("Credentials/ListCredentials"), everybody_and_network},
      {method("Credentials/RevokeCredential"), operators},
      {method("Credentials/GetAuthority"), everybody_and_services},

      {method("Vouchers/ListVouchers"), everybody},

      {method("Audit/ListAuditEntries"), everybody},
      {method("Audit/VerifyAudit"), everybody},

      {method("Events/WatchEvents"), everybody_and_services},
      {method("Events/GetCursor"), everybody_and_services},
  };
}

}  // namespace pratique::registrar
