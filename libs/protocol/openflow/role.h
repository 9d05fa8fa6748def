// Which of several controllers leads (OpenFlow 1.4.0 section 6.3; section 7.3, ofp_role_request).
#pragma once

#include <cstdint>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

/// `unchanged` asks what the role is. A slave may not write and hears no packets.
enum class RoleKind : std::uint32_t { unchanged = 0, equal = 1, master = 2, slave = 3 };

struct Role {
  RoleKind role = RoleKind::unchanged;
  std::uint64_t generation = 0;  // rises with each election; an older one is refused as STALE

  bool operator==(const Role&) const = default;
};

Result<Bytes> encode_role_request(Xid xid, const Role& role);
Result<Role> parse_role_reply(ByteView body);

}  // namespace pratique::openflow
