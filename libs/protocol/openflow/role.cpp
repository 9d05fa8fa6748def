#include "libs/protocol/openflow/role.h"

#include <string>

#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

Result<Bytes> encode_role_request(Xid xid, const Role& role) {
  Writer out;
  out.u32(static_cast<std::uint32_t>(role.role));
  out.zeros(4);
  out.u64(role.generation);
  return encode_message(MessageType::role_request, xid, out.view());
}

Result<Role> parse_role_reply(ByteView body) {
  Reader in(body, "role reply");
  TRY_VOID(in.need(16));
  const auto role = in.u32();
  if (role > static_cast<std::uint32_t>(RoleKind::slave)) return in.malformed("role " + std::to_string(role));
  in.skip(4);
  return Role{.role = static_cast<RoleKind>(role), .generation = in.u64()};
}

}  // namespace pratique::openflow
