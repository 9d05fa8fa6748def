#include "services/onboarding/app/catalogue.h"

namespace pratique::onboarding {

obs::Catalogue catalogue() {
  obs::Catalogue out("onboarding");
  out.events({&kDeviceAnswered, &kDeviceRequestFailed, &kDeviceHandshakeFailed, &kReplicaUnannounced, &kIdentityReplaced,
              &kIdentityUnusable, &kSessionsTidied});
  out.counters({&kDeviceRequests, &kHandshakesFailed});
  out.histograms({&kDeviceRequestSeconds});
  out.reasons({&kSessionNotFound});
  return out;
}

}  // namespace pratique::onboarding
