#include <catch2/catch.hpp>

#include "libs/base/id.h"
#include "services/network/domain/registered_port.h"

using namespace pratique;
using namespace pratique::network;

TEST_CASE("a port's authenticator is the path of a socket, or none", "[network][domain]") {
  RegisteredPort port{.on_switch = *SwitchId::parse("0193e2c0-0000-7000-8000-000000000001"), .name = "p1"};
  CHECK(check_port(port));
  const auto refused = [&](const std::string& authenticator) {
    port.authenticator = authenticator;
    const auto checked = check_port(port);
    return !checked && checked.error().reason == "FIELD_INVALID" &&
           checked.error().message.contains("port.authenticator");
  };
  CHECK_FALSE(refused("/run/hostapd/p1"));
  CHECK_FALSE(refused("/" + std::string(kMaxAuthenticator - 1, 'x')));
  CHECK(refused("/" + std::string(kMaxAuthenticator, 'x')));
  CHECK(refused("run/hostapd/p1"));
  CHECK(refused("/run/host apd"));
}
