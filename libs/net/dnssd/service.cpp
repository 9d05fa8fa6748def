#include "libs/net/dnssd/service.h"

#include <arpa/inet.h>

namespace pratique::dnssd {

bool Service::is_link_local_ipv6() const {
  in6_addr parsed{};
  return inet_pton(AF_INET6, address.c_str(), &parsed) == 1 && IN6_IS_ADDR_LINKLOCAL(&parsed);
}

std::string Service::dial_address() const {
  return is_link_local_ipv6() ? address + "%" + interface_name : address;
}

}  // namespace pratique::dnssd
