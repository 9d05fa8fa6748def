// Sessions in the database, and what RADIUS servers reported on the way to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/pg/tx.h"
#include "services/network/domain/session.h"

namespace pratique::network {

Result<void> insert_session(pg::Tx& tx, const Session& session);
/// Writes everything but identity, place and accept_time.
Result<void> update_session(pg::Tx& tx, const Session& session);
Result<std::optional<Session>> find_session(pg::Tx& tx, const SessionId& id);
/// Locked until the transaction ends.
Result<std::optional<Session>> lock_session(pg::Tx& tx, const SessionId& id);

// Those that have not ended. Locked until the transaction ends.
Result<std::optional<Session>> lock_open_session(pg::Tx& tx, const PortId& port, const MacAddress& mac);
Result<std::vector<Session>> lock_open_sessions_of_port(pg::Tx& tx, const PortId& port);
Result<std::vector<Session>> lock_open_sessions_of_switch(pg::Tx& tx, const SwitchId& on_switch);
/// Of that MAC address or that certificate, on whatever port.
Result<std::vector<Session>> lock_rivals(pg::Tx& tx, const Session& session);
/// Accepted but never on, or accounted but silent: heard of last before.
Result<std::vector<Session>> lock_silent_sessions(pg::Tx& tx, Timestamp accepted_before, Timestamp heard_before,
                                                  int limit);

struct SessionFilter {
  DeviceId device = {};
  SwitchId on_switch = {};
  PortId port = {};
  std::optional<MacAddress> mac = {};
  std::optional<Timestamp> at = {};  // who was there at that time
  bool open = false;                 // only those that have not ended
};
/// Newest first, those older than `after` (empty: from the newest).
Result<std::vector<Session>> list_sessions(pg::Tx& tx, const SessionFilter& filter, const SessionId& after, int limit);
/// Deletes sessions that ended before, the oldest first and `limit` at most; their number.
Result<std::int64_t> forget_sessions(pg::Tx& tx, Timestamp ended_before, int limit);

/// As a RADIUS server does; for tests and for servers of our own.
Result<void> insert_radius_report(pg::Tx& tx, const RadiusReport& report);
/// Takes the oldest reports away, to be handled in this transaction; an accept becomes an attempt (attempts.h). Empty
/// too while another replica does so.
Result<std::vector<RadiusReport>> take_radius_reports(pg::Tx& tx, int limit);
/// "network_radius": what insert_radius_report notifies on; RADIUS servers do not.
std::string radius_channel(std::string_view schema);

}  // namespace pratique::network
