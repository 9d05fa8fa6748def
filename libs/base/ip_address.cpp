#include "libs/base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace pratique {

Result<IpAddress> IpAddress::parse(std::string_view text) {
  // inet_pton() reads up to a NUL and neither resolves names nor takes zones or shortened IPv4.
  V4 v4{};
  V6 v6{};
  if (text.size() < INET6_ADDRSTRLEN && !text.contains('\0')) {
    const std::string copy(text);
    if (inet_pton(AF_INET, copy.c_str(), v4.data()) == 1) return IpAddress(v4);
    if (inet_pton(AF_INET6, copy.c_str(), v6.data()) == 1) return IpAddress(v6);
  }
  return invalid("IP_ADDRESS_INVALID", "expected an address like 192.0.2.7 or 2001:db8::7");
}

Result<IpAddress> IpAddress::from_bytes(ByteView bytes) {
  V4 v4{};
  V6 v6{};
  if (bytes.size() == v4.size()) {
    std::ranges::copy(bytes, v4.begin());
    return IpAddress(v4);
  }
  if (bytes.size() == v6.size()) {
    std::ranges::copy(bytes, v6.begin());
    return IpAddress(v6);
  }
  return invalid("IP_ADDRESS_INVALID", "an address has four or sixteen bytes");
}

std::string IpAddress::text() const {
  char out[INET6_ADDRSTRLEN] = "";
  inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), out, sizeof out);
  return out;
}

IpAddress IpAddress::unmapped() const {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (is_v4() || !std::ranges::equal(bytes().first(kMapped.size()), kMapped)) return *this;
  return IpAddress(V4{bytes_[12], bytes_[13], bytes_[14], bytes_[15]});
}

}  // namespace pratique
