// One step of the reconciler: a switch, its lease, and what becomes of its ports. For this room's own files.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/network/app/reconciler.h"
#include "services/network/domain/reasons.h"
#include "services/network/storage/grants.h"

namespace pratique::network {

/// A port on its way through a round.
struct RoundPort {
  WorkPort work = {};
  PortPlan plan = {};
  std::vector<std::pair<Session, Finding>> to_end = {};
  std::optional<PortState> state = {};  // as read in this round
  bool absent = false;                  // the switch has no such port
  bool apply = false;
  bool by_hand = false;      // somebody changed it beside us
  std::string problem = {};  // a code of reasons.h
  std::string message = {};

  /// The switch does not do what it is to do, nor is it left so by our own wish.
  bool refused() const { return !problem.empty() && problem != kSwitchChangedByHand.code; }
};

struct Reconciler::Round {
  Lease lease;
  Switch on_switch = {};
  std::shared_ptr<SwitchAdapter> adapter = {};
  Capabilities can = {};
  Deadline deadline = {};
  SiteSegments segments = {};
  Allowed allowed = {};
  std::vector<RoundPort> ports = {};
  std::vector<std::pair<Session, Finding>> ended = {};
  std::vector<std::pair<Session, VlanId>> moved = {};
  std::optional<Error> failure = {};  // of the switch as a whole
  bool ask_again = false;             // who is logged on could not be told now

  bool answers_later(const Error& error) const {
    return error.code == ErrorCode::unavailable || error.code == ErrorCode::deadline_exceeded;
  }
};

}  // namespace pratique::network
