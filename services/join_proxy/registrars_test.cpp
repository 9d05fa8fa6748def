#include "services/join_proxy/registrars.h"

#include <catch2/catch.hpp>

using namespace pratique;
using join_proxy::choose_registrars;
using Endpoints = std::vector<net::Endpoint>;

namespace {

dnssd::Service service(std::string instance, std::string address, std::uint16_t port = 8443) {
  return {.instance = std::move(instance), .type = std::string(dnssd::kBrskiRegistrar), .host = "r.local",
          .address = std::move(address), .port = port, .interface_index = 2, .interface_name = "eth1"};
}

}  // namespace

TEST_CASE("every registrar is led to once, by the address most likely to answer") {
  CHECK(choose_registrars({}).empty());
  CHECK(choose_registrars({service("a", "fe80::1"), service("a", "10.0.0.5"), service("a", "2001:db8::5")}) ==
        Endpoints{{"10.0.0.5", 8443}});
  CHECK(choose_registrars({service("a", "fe80::1"), service("a", "2001:db8::5")}) == Endpoints{{"2001:db8::5", 8443}});
  CHECK(choose_registrars({service("a", "fe80::1")}) == Endpoints{{"fe80::1%eth1", 8443}});
}

TEST_CASE("the order of the answers does not matter, and a repeated address counts once") {
  const auto one = choose_registrars({service("b", "10.0.0.6"), service("a", "10.0.0.5")});
  CHECK(one == choose_registrars({service("a", "10.0.0.5"), service("b", "10.0.0.6")}));
  CHECK(one == Endpoints{{"10.0.0.5", 8443}, {"10.0.0.6", 8443}});
  CHECK(choose_registrars({service("a", "10.0.0.5"), service("b", "10.0.0.5")}) == Endpoints{{"10.0.0.5", 8443}});
  CHECK(choose_registrars({service("a", "10.0.0.5", 1), service("b", "10.0.0.5", 2)}).size() == 2);
}

TEST_CASE("an answer without a port leads nowhere") {
  CHECK(choose_registrars({service("a", "10.0.0.5", 0)}).empty());
}
