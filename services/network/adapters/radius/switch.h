// What has to be known of a switch that takes its segments from RADIUS, and that is told of sessions by RFC 5176.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/protocol/radius/client.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/shared_secret.h"
#include "services/network/adapters/radius/exchanges.h"
#include "services/network/domain/segment.h"

namespace pratique::network {

/// How this switch is made to put a session into another segment.
enum class ChangeBy {
  vlan,            // CoA-Request with the three tunnel attributes (RFC 3580 section 3.31)
  filter_id,       // CoA-Request with a Filter-Id that the switch knows: RadiusSwitch::filters
  reauthenticate,  // CoA-Request with RadiusSwitch::reauthenticate; the Access-Accept carries the segment
  disconnect,      // Disconnect-Request; the next login's Access-Accept carries the segment
};

/// By what a session is named in a request. A switch answers "session context not found" where anything that is named
/// does not fit, as it writes it: name only what it is known to take. What is not known of a session is left out.
struct SessionNaming {
  bool accounting_id = true;
  bool calling_station = true;
  bool user_name = false;
  bool port = false;  // NAS-Port-Id
  MacForm mac_form = MacForm::dash;
  LetterCase letters = LetterCase::upper;
};

struct RadiusSwitch {
  radius::Peer nas;
  radius::SharedSecret secret;
  /// What the switch calls itself; empty: not said. Where said and wrong it refuses, Error-Cause 403.
  std::string nas_identifier = {};
  std::optional<IpAddress> nas_address = {};
  /// `answers.message_authenticator_required = false` for a switch that sends none: its "no" can then be forged into a
  /// "yes" by whoever is on the way (Blast-RADIUS).
  radius::ClientRules rules = {};
  SessionNaming naming = {};
  ChangeBy change_by = ChangeBy::vlan;
  std::map<VlanId, std::string> filters = {};              // of ChangeBy::filter_id
  std::vector<radius::Attribute> reauthenticate = {};      // of ChangeBy::reauthenticate: a vendor's (vendor.h)
  /// A change that the switch refuses becomes a Disconnect-Request. Without it a device that is to be quarantined stays
  /// where it is on a switch that knows no such change.
  bool disconnect_where_refused = true;
  NobodyListens where_nobody = NobodyListens::wait;
};

/// INVALID_ARGUMENT FIELD_INVALID, naming the field: no port, filters or attributes missing for `change_by`, naming
/// that names nothing.
Result<void> check_radius_switch(const RadiusSwitch& one);

}  // namespace pratique::network
