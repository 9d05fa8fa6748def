#include "services/join_proxy/registrars.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace pratique::join_proxy {

namespace {

int rank(const dnssd::Service& service) {
  if (!service.is_ipv6()) return 0;
  return service.is_link_local_ipv6() ? 2 : 1;
}

}  // namespace

std::vector<net::Endpoint> choose_registrars(const std::vector<dnssd::Service>& found) {
  std::map<std::string, const dnssd::Service*> best;
  for (const auto& service : found) {
    if (service.port == 0) continue;
    const auto [place, first] = best.try_emplace(service.instance, &service);
    const auto better = [](const dnssd::Service& a, const dnssd::Service& b) {
      return std::pair(rank(a), a.dial_address()) < std::pair(rank(b), b.dial_address());
    };
    if (!first && better(service, *place->second)) place->second = &service;
  }
  std::vector<net::Endpoint> out;
  for (const auto& [instance, service] : best) out.push_back({service->dial_address(), service->port});
  std::ranges::sort(out, {}, &net::Endpoint::text);
  const auto repeated = std::ranges::unique(out);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

}  // namespace pratique::join_proxy
