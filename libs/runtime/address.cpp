#include "libs/runtime/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace pratique::runtime {
namespace {

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._").contains(c);
  });
}

bool parses_as(int family, const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(family, host.c_str(), bytes) == 1;
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  const auto fail = [&](std::string_view why) {
    return invalid("ADDRESS_INVALID", "'" + std::string(text) + "' " + std::string(why));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail("has no port: expected host:port");
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  Address out;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return fail("has no port between 0 and 65535");
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  out.host = host;
  if (bracketed ? !out.is_ipv6() : !is_name(host))
    return fail("has no host: expected a name, an IPv4 address or a bracketed IPv6 address");
  return out;
}

std::string Address::text() const {
  return (is_ipv6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Address::is_ipv4() const { return parses_as(AF_INET, host); }
bool Address::is_ipv6() const { return parses_as(AF_INET6, host); }

}  // namespace pratique::runtime
