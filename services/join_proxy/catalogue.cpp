#include "services/join_proxy/catalogue.h"

namespace pratique::join_proxy {

obs::Catalogue catalogue() {
  return obs::Catalogue("join_proxy")
      .events({&kDoorOpened, &kRegistrarsChanged, &kRegistrarsLost, &kDiscoveryFailed})
      .counters({&kConnections, &kEnded, &kConnectsFailed, &kBytes})
      .gauges({&kOpen, &kRegistrars})
      .reasons({&kRegistrarUnknown});
}

}  // namespace pratique::join_proxy
