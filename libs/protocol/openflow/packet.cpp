#include "libs/protocol/openflow/packet.h"

#include <string>

namespace pratique::openflow {

Result<PacketIn> parse_packet_in(ByteView body) {
  Reader in(body, "packet-in");
  TRY_VOID(in.need(16));
  PacketIn out;
  in.skip(4);  // buffer: we always ask for the whole packet
  out.total_length = in.u16();
  const auto why = in.u8();
  if (why > static_cast<std::uint8_t>(PacketInReason::packet_out)) return in.malformed("reason " + std::to_string(why));
  out.reason = static_cast<PacketInReason>(why);
  out.table = in.u8();
  out.cookie = in.u64();
  TRY(out.context, read_match(in));
  TRY_VOID(in.need(2));
  in.skip(2);
  out.data = to_bytes(in.rest());
  return out;
}

Result<Bytes> encode_packet_out(Xid xid, const PacketOut& packet) {
  Writer actions;
  write_actions(actions, packet.actions);
  Writer out;
  const auto start = start_message(out, MessageType::packet_out, xid);
  out.u32(kNoBuffer);
  out.u32(packet.in_port);
  out.u16(static_cast<std::uint16_t>(actions.size()));
  out.zeros(6);
  out.bytes(actions.view());
  out.bytes(packet.data);
  TRY_VOID(finish_message(out, start));
  return out.take();
}

}  // namespace pratique::openflow
