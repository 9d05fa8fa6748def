#include "libs/protocol/openflow/bundle_message.h"

#include <string>

namespace pratique::openflow {

void write_bundle_control(Writer& out, Xid xid, const BundleControl& control) {
  const auto start = start_message(out, MessageType::bundle_control, xid);
  out.u32(control.id);
  out.u16(static_cast<std::uint16_t>(control.type));
  out.u16(control.flags);
  out.set_u16(start + 2, out.size() - start);
}

Result<BundleControl> parse_bundle_control(ByteView body) {
  Reader in(body, "bundle control");
  TRY_VOID(in.need(8));
  BundleControl control;
  control.id = in.u32();
  const auto type = in.u16();
  if (type > static_cast<std::uint16_t>(BundleControlType::discard_reply))
    return in.malformed("type " + std::to_string(type));
  control.type = static_cast<BundleControlType>(type);
  control.flags = in.u16();
  return control;
}

std::size_t start_bundle_add(Writer& out, Xid xid, std::uint32_t bundle_id) {
  const auto start = start_message(out, MessageType::bundle_add_message, xid);
  out.u32(bundle_id);
  out.u16(0);
  out.u16(kBundleFlags);
  return start;
}

}  // namespace pratique::openflow
