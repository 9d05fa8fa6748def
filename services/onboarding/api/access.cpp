#include "services/onboarding/api/access.h"

namespace pratique::onboarding {

rpc::Access access() {
  return {
      {"/pratique.onboarding.v1.Sessions/GetSession", {rpc::operators(rpc::Role::viewer)}},
      {"/pratique.onboarding.v1.Sessions/ListSessions", {rpc::operators(rpc::Role::viewer)}},
  };
}

}  // namespace pratique::onboarding
