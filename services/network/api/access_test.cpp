#include "services/network/api/access.h"

#include <catch2/catch.hpp>
#include <google/protobuf/descriptor.h>

#include "pratique/network/v1/event.pb.h"
#include "pratique/network/v1/segment.pb.h"
#include "pratique/network/v1/session.pb.h"
#include "pratique/network/v1/switch.pb.h"

using namespace pratique;
using namespace pratique::network;
using rpc::Caller;
using rpc::Role;

namespace {

/// The service that is declared beside a message.
template <typename Message>
const google::protobuf::ServiceDescriptor* beside() {
  return Message::descriptor()->file()->service(0);
}

Caller person(Role role) { return {Caller::Kind::operator_, "jo", role, ""}; }
Caller service(std::string name) { return {Caller::Kind::service, std::move(name), Role::none, ""}; }

/// v, o, a: viewer, operator, admin; O, R: the services onboarding and registrar.
std::string who_may(const std::string& method) {
  const auto table = access();
  std::string out;
  const std::pair<char, Caller> callers[] = {{'v', person(Role::viewer)}, {'o', person(Role::operator_)},
                                             {'a', person(Role::admin)}, {'O', service("onboarding")},
                                             {'R', service("registrar")}};
  for (const auto& [letter, caller] : callers)
    if (table.check(method, caller)) out += letter;
  CHECK_FALSE(table.check(method, person(Role::none)));
  CHECK_FALSE(table.check(method, Caller{}));
  return out;
}

}  // namespace

TEST_CASE("Every RPC of network has its line, and no line is for nothing", "[network][api]") {
  const std::vector services{beside<v1::CreateSegmentRequest>(), beside<v1::CreateSwitchRequest>(),
                             beside<v1::GetSessionRequest>(), beside<v1::WatchEventsRequest>()};
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
