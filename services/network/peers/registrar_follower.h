// Follows the registrar's events for as long as it lives: one stream to one of its replicas, begun again from the
// stored cursor when it ends. Where the registrar does not keep what was missed, or nothing was ever listed, all is
// asked anew.
//
//   RegistrarFollower follower(*peer, *registrar, feed, log);      // begins at once, on a thread of its own
//
// Each replica of this service follows: an event counts once (app/registrar_feed.h), and none waits for another.
#pragma once

#include <memory>

#include "libs/obs/log.h"
#include "services/network/app/registrar_feed.h"

namespace pratique::rpc {
class Peer;
}

namespace pratique::network {

class RegistrarFollower {
 public:
  /// All outlive it.
  RegistrarFollower(const rpc::Peer& peer, Registrar& registrar, RegistrarFeed& feed, const obs::Log& log);
  /// Ends the stream and waits for what is being handled.
  ~RegistrarFollower();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::network
