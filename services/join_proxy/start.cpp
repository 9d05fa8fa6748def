#include "services/join_proxy/start.h"

#include "libs/net/dnssd/browse.h"
#include "libs/runtime/periodic.h"
#include "services/join_proxy/catalogue.h"
#include "services/join_proxy/door.h"
#include "services/join_proxy/registrars.h"

namespace pratique::join_proxy {

namespace {

constexpr std::chrono::milliseconds kCountEvery{1000};
constexpr std::chrono::milliseconds kBrowseFor{2000};

/// One look at the link. A registrar that went silent is still tried: a missing answer is weaker than a refused
/// connection, which moves the pipe on to the next one anyway.
void look_for_registrars(const Config& config, Door& door, runtime::Process& process) {
  const auto& log = process.log();
  const auto found = dnssd::browse(dnssd::kBrskiRegistrar, kBrowseFor, {.interfaces = config.discover_on});
  if (!found) return log.write(kDiscoveryFailed, found.error());
  auto registrars = choose_registrars(*found);
  if (registrars.empty()) {
    if (door.open()) log.write(kRegistrarsLost);
    return;
  }
  if (const auto led = door.lead_to(std::move(registrars)); !led) process.give_up(led.error());
}

}  // namespace

Result<void> start(const Config& config, runtime::Process& process) {
  auto& door = process.keep("door", std::make_unique<Door>(config, process.log(), process.metrics()));
  process.health().add_check("registrar", [&door]() -> Result<void> {
    if (!door.open()) return kRegistrarUnknown.error("no registrar has been discovered yet");
    return {};
  });
  if (!config.discover) {
    std::vector<net::Endpoint> registrars;
    for (const auto& upstream : config.upstreams) registrars.push_back({upstream.host, upstream.port});
    TRY_VOID(door.lead_to(std::move(registrars)));
  } else {
    process.keep("discovery", std::make_unique<runtime::Periodic>(config.discover_every, [&config, &door, &process] {
                   look_for_registrars(config, door, process);
                 }));
  }
  process.keep("figures", std::make_unique<runtime::Periodic>(kCountEvery, [&door] { door.count(); }));
  return {};
}

}  // namespace pratique::join_proxy
