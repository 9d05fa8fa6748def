// Switches as operators register them, and how they are now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/ip_address.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/capability.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

/// Which adapter drives it.
enum class SwitchKind { ovs, radius };
std::string_view to_string(SwitchKind kind);
Result<SwitchKind> parse_switch_kind(std::string_view word);
/// What such a switch can be made to do, with an authenticator on each access port (docs/enforcement.md). What is true
/// of one switch only its adapter knows.
Capabilities capabilities_of(SwitchKind kind);

inline constexpr std::size_t kMaxSwitchName = 64;
inline constexpr std::size_t kMaxNasIdentifier = 253;      // RFC 2865 section 5
inline constexpr std::size_t kMaxAdapterSettings = 16'384;  // bytes of JSON

struct Switch {
  SwitchId id = {};
  SiteId site = {};
  std::string name = {};
  std::string display_name = {};
  SwitchKind kind = SwitchKind::ovs;
  std::string settings = "{}";                   // a JSON object of its adapter
  std::optional<IpAddress> nas_address = {};     // from where it speaks RADIUS
  std::string nas_identifier = {};
  bool enabled = true;                           // false: it is left as it is
  bool has_secret = false;                       // one that it shares with RADIUS servers
  std::optional<Timestamp> last_seen_time = {};
  std::string problem = {};                      // a code of reasons.h; empty: none
  std::string problem_message = {};
  std::optional<Timestamp> problem_since = {};
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 0;
};
/// INVALID_ARGUMENT FIELD_INVALID, naming the field. What settings hold is the adapter's to check.
Result<void> check_switch(const Switch& one);

/// The RADIUS secret of a switch, in the two forms in which it is kept. Empty: none.
struct SwitchSecret {
  Bytes sealed = {};      // for us
  Bytes for_server = {};  // for the RADIUS server
};

}  // namespace pratique::network
