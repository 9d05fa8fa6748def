#include "services/network/api/access.h"

#include "libs/rpc/who_may_test.h"
#include "pratique/network/v1/admission.pb.h"
#include "pratique/network/v1/event.pb.h"
#include "pratique/network/v1/segment.pb.h"
#include "pratique/network/v1/session.pb.h"
#include "pratique/network/v1/switch.pb.h"
#include "pratique/network/v1/wlan.pb.h"

using namespace pratique;
using namespace pratique::network;
using rpc::service_beside;

namespace {

/// v, o, a: viewer, operator, admin; O, R: the services onboarding and registrar.
std::string who_may(const std::string& method) {
  return rpc::who_may(access(), method, {{'O', "onboarding"}, {'R', "registrar"}});
}

}  // namespace

TEST_CASE("Every RPC of network has its line, and no line is for nothing", "[network][api]") {
  const std::vector services{service_beside<v1::CreateSegmentRequest>(), service_beside<v1::CreateSwitchRequest>(),
                             service_beside<v1::CreateWlanRequest>(), service_beside<v1::GetDeviceAdmissionRequest>(),
                             service_beside<v1::GetSessionRequest>(), service_beside<v1::WatchEventsRequest>()};
  CHECK(rpc::unlisted_methods(access(), services) == std::vector<std::string>{});
}

TEST_CASE("Everybody may look, operators log off and have read anew, administrators register", "[network][api]") {
  const auto table = access();
  for (const auto& [method, allowed] : table.table()) {
    INFO(method);
    const auto name = method.substr(method.rfind('/') + 1);
    const bool looks = name.starts_with("Get") || name.starts_with("List") || name == "DiffSwitch";
    const bool works = name == "EndSession" || name == "ObserveSwitch";
    CHECK(who_may(method) == (name == "WatchEvents" ? "voaOR" : looks ? "voa" : works ? "oa" : "a"));
  }
}
