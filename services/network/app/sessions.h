// Who is where: sessions, joined from what RADIUS servers report and what switches tell.
//
//   accept (certificate, port, MAC)          opens one: state accepted
//   station_on, or accounting start          it is live; only live ones open a port
//   stop, station_off, link_down,            ends it
//   authenticator_lost, silence
//
// Events may come in any order and more than once: a station_on before its accept is remembered at the port.
//
// The same MAC address, or the same certificate, on two ports: the OLDER session is kept, the newer one is ended, and
// an event `session.disputed` tells of it. A copied key or address thus never pushes out who is there already. The
// older one gives way only where it is silent: accepted but never on for SessionRules::accept_limit, or accounted but
// not heard of for SessionRules::silence_limit. A device that moves is not hindered: its old link goes down first.
//
// Each change marks the port for the reconciler in the same transaction.
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "libs/base/call.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/network/app/adapter.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/sessions.h"

namespace pratique::network {

inline constexpr std::size_t kMaxEndReason = 512;  // bytes of what an operator says about it

struct SessionRules {
  std::chrono::seconds accept_limit{120};          // from an accept to the station's being on
  std::chrono::seconds silence_limit{35 * 60};     // without accounting, of a session that had some: three intervals
  std::chrono::hours history{90 * 24};             // how long ended ones are kept
};

class Sessions {
 public:
  /// All outlive it.
  Sessions(Surroundings surroundings, SessionRules rules, const obs::Log& log, obs::Metrics& metrics);

  /// Handles what RADIUS servers reported; how many. 0 too while another replica does.
  Result<int> take_reports(pg::Deadline deadline);
  /// Something happened at a switch. A port that is not registered is passed over; so is what a life heard that keeps
  /// the switch no more (storage/keepers.h; empty: whoever it was).
  Result<void> note(const SwitchId& on_switch, const PortEvent& event, pg::Deadline deadline,
                    std::string_view heard_by = {});
  /// Everybody who was logged on at the switch at `asked`, as it told: sessions of others are over.
  Result<void> compare(const SwitchId& on_switch, std::span<const LiveStation> stations, Timestamp asked,
                       pg::Deadline deadline);
  /// Ends those that were accepted but never on, or fell silent; how many.
  Result<int> end_silent(pg::Deadline deadline);
  /// Forgets ended ones that are older than the history, `limit` at most; how many.
  Result<std::int64_t> forget(pg::Tx& tx, int limit);

  Result<std::vector<Session>> list(const Call& call, const SessionFilter& filter, const SessionId& after, int limit);
  /// NOT_FOUND SESSION_UNKNOWN.
  Result<Session> get(const Call& call, const SessionId& id);
  /// An operator logs the station off: it is to be ended, and the reconciler does so. `reason` is the operator's, and
  /// may be empty. No effect on one that has ended or is to be. NOT_FOUND SESSION_UNKNOWN, INVALID_ARGUMENT
  /// FIELD_INVALID.
  Result<Session> end(const Change& change, const SessionId& id, std::string_view reason);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  SessionRules rules_;
  const obs::Log& log_;
  obs::Counter handled_, unplaced_;
};

}  // namespace pratique::network
