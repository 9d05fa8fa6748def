// What one report of a RADIUS server does to sessions. For this room's own files.
#pragma once

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "services/network/app/session_steps.h"
#include "services/network/app/sessions.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {

class ReportHandler {
 public:
  ReportHandler(pg::Tx& tx, const Clock& clock, Random& random, const SessionRules& rules, PendingEvents& events)
      : tx_(tx), clock_(clock), random_(random), rules_(rules), events_(events) {}

  /// False if it names no port or no certificate that is known here: it changed nothing.
  Result<bool> handle(const RadiusReport& report);

 private:
  struct Place {
    RegisteredPort port;
    MacAddress mac;
  };
  Result<std::optional<Place>> place_of(const RadiusReport& report);
  Result<bool> accept(const RadiusReport& report, const Place& place);
  Result<void> account(const RadiusReport& report, Session session);
  /// The rule of sessions.h: who of two gives way.
  Result<void> settle_rivals(Session& fresh);
  bool silent(const Session& session) const;

  pg::Tx& tx_;
  const Clock& clock_;
  Random& random_;
  const SessionRules& rules_;
  PendingEvents& events_;
};

}  // namespace pratique::network
