#include "services/registrar/api/access.h"

#include <set>

#include "libs/rpc/who_may_test.h"
#include "pratique/registrar/v1/admission.pb.h"
#include "pratique/registrar/v1/approval.pb.h"
#include "pratique/registrar/v1/audit.pb.h"
#include "pratique/registrar/v1/credential.pb.h"
#include "pratique/registrar/v1/device.pb.h"
#include "pratique/registrar/v1/event.pb.h"
#include "pratique/registrar/v1/manufacturer.pb.h"
#include "pratique/registrar/v1/policy.pb.h"
#include "pratique/registrar/v1/voucher.pb.h"

using namespace pratique;
using namespace pratique::registrar;
using rpc::service_beside;

namespace {

std::vector<const google::protobuf::ServiceDescriptor*> descriptors() {
  return {service_beside<v1::JudgeDeviceRequest>(), service_beside<v1::ApproveRequest>(),
          service_beside<v1::VerifyAuditRequest>(), service_beside<v1::GetAuthorityRequest>(),
          service_beside<v1::CreateDeviceRequest>(), service_beside<v1::WatchEventsRequest>(),
          service_beside<v1::AddTrustAnchorRequest>(), service_beside<v1::CreatePolicyRequest>(),
          service_beside<v1::ListVouchersRequest>()};
}

/// v, o, a: viewer, operator, admin; O, n: the services onboarding and network.
std::string who_may(const std::string& method) {
  return rpc::who_may(access(), method, {{'O', "onboarding"}, {'n', "network"}});
}

}  // namespace

TEST_CASE("Every RPC has its line, and no line is for nothing", "[registrar][api]") {
  const auto services = descriptors();
  CHECK(services.size() == 9);
  CHECK(rpc::unlisted_methods(access(), services) == std::vector<std::string>{});
}

TEST_CASE("Everybody may look, operators work, administrators set the rules, onboarding alone asks at the door, network "
          "may take a full listing",
          "[registrar][api]") {
  const std::string prefix = "/pratique.registrar.v1.";
  const std::set<std::string> any_service = {"GetAuthority", "WatchEvents", "GetCursor"};
  const std::set<std::string> network_too = {"ListDevices", "ListCredentials", "IdentifyCredential"};
  const auto table = access();
  for (const auto& [method, allowed] : table.table()) {
    INFO(method);
    const auto name = method.substr(method.rfind('/') + 1);
    const bool looks = name.starts_with("Get") || name.starts_with("List") || name == "ExplainDevice" ||
                       name == "VerifyAudit" || name == "TestPolicies";
    const bool rules = method.starts_with(prefix + "Manufacturers/") || method.starts_with(prefix + "Policies/");
    const std::string expected = method.starts_with(prefix + "Admission/") ? "O"
                                 : any_service.contains(name)              ? "voaO"
                                 : looks                                   ? "voa"
                                 : rules                                   ? "a"
                                                                           : "oa";
    const bool network = any_service.contains(name) || network_too.contains(name);
    CHECK(who_may(method) == expected + (network ? "n" : ""));
  }
}
