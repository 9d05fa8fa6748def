// A switch that holds sessions, as the conformance suite sees it: where somebody is on, and what the switch itself says
// of it. An adapter's tests build it from what is real for them (hostapd and wpa_supplicant; FreeRADIUS as the switch).
#pragma once

#include <optional>

#include "services/network/app/adapter.h"

namespace pratique::network::conformance {

class SessionWorld {
 public:
  virtual ~SessionWorld() = default;

  /// Somebody who is on, and stays on until told. The same as long as he is; asked for anew, he logs on again. A world
  /// in which nobody can (hostapd bars who was logged off for some seconds) is asked once.
  virtual SessionRef session() = 0;
  virtual bool may_log_on_again() const = 0;
  /// A session that the switch knows nothing of, at a port that it has.
  virtual SessionRef nobody() const = 0;
  /// By the switch's own word, not the adapter's.
  virtual bool is_on(const SessionRef& session) = 0;
  /// The segment that the switch was last told for this session; nothing where it was told none.
  virtual std::optional<VlanId> told_segment(const SessionRef& session) = 0;
  /// The switch stops to answer, and answers again.
  virtual void fall_silent() = 0;
  virtual void speak_again() = 0;
};

}  // namespace pratique::network::conformance
