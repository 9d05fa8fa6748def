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

TEST_CASE("where a port's authenticator takes Disconnect-Requests is an address and a port", "[network][domain]") {
  RegisteredPort port{.on_switch = *SwitchId::parse("0193e2c0-0000-7000-8000-000000000001"), .name = "p1"};
  const auto checked = [&](const std::string& authenticator, const std::string& disconnect_at) {
    port.authenticator = authenticator;
    port.disconnect_at = disconnect_at;
    const auto done = check_port(port);
    return done ? "taken" : done.error().message;
  };
  const std::string at = "/run/hostapd/p1";
  CHECK(checked(at, "192.0.2.7:3799") == "taken");
  CHECK(checked(at, "[2001:db8::7]:65535") == "taken");
  CHECK(*parse_authorization_address("[2001:db8::7]:3800") ==
        AuthorizationAddress{*IpAddress::parse("2001:db8::7"), 3800});
  CHECK(checked("", "192.0.2.7:3799").contains("port.disconnect_at"));  // nobody would say who is on
  for (const auto* const bad : {"192.0.2.7", "192.0.2.7:", "192.0.2.7:0", "192.0.2.7:65536", "192.0.2.7:3799x",
                                "switch-1:3799", "2001:db8::7", "2001:db8::7:3799", "[192.0.2.7]:3799", "[]:3799", ":"})
    CHECK(checked(at, bad).contains("port.disconnect_at"));
}
