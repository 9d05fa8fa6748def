#include "libs/protocol/openflow/message.h"

#include <string>

#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {

std::string_view name_of(MessageType type) {
  switch (type) {
    case MessageType::hello: return "HELLO";
    case MessageType::error: return "ERROR";
    case MessageType::echo_request: return "ECHO_REQUEST";
    case MessageType::echo_reply: return "ECHO_REPLY";
    case MessageType::experimenter: return "EXPERIMENTER";
    case MessageType::features_request: return "FEATURES_REQUEST";
    case MessageType::features_reply: return "FEATURES_REPLY";
    case MessageType::set_config: return "SET_CONFIG";
    case MessageType::packet_in: return "PACKET_IN";
    case MessageType::flow_removed: return "FLOW_REMOVED";
    case MessageType::port_status: return "PORT_STATUS";
    case MessageType::packet_out: return "PACKET_OUT";
    case MessageType::flow_mod: return "FLOW_MOD";
    case MessageType::multipart_request: return "MULTIPART_REQUEST";
    case MessageType::multipart_reply: return "MULTIPART_REPLY";
    case MessageType::barrier_request: return "BARRIER_REQUEST";
    case MessageType::barrier_reply: return "BARRIER_REPLY";
    case MessageType::role_request: return "ROLE_REQUEST";
    case MessageType::role_reply: return "ROLE_REPLY";
    case MessageType::role_status: return "ROLE_STATUS";
    case MessageType::table_status: return "TABLE_STATUS";
    case MessageType::request_forward: return "REQUESTFORWARD";
    case MessageType::bundle_control: return "BUNDLE_CONTROL";
    case MessageType::bundle_add_message: return "BUNDLE_ADD_MESSAGE";
  }
  return "UNKNOWN";
}

std::size_t start_message(Writer& out, MessageType type, Xid xid) {
  const auto start = out.size();
  out.u8(kVersion);
  out.u8(static_cast<std::uint8_t>(type));
  out.u16(0);
  out.u32(xid);
  return start;
}

Result<void> finish_message(Writer& out, std::size_t start) {
  const auto size = out.size() - start;
  if (size > kMaxMessageSize)
    return invalid(reason::kMessageTooLarge, "a message of " + std::to_string(size) + " bytes; 65535 is the most");
  out.set_u16(start + 2, size);
  return {};
}

Result<Bytes> encode_message(MessageType type, Xid xid, ByteView body) {
  Writer out;
  const auto start = start_message(out, type, xid);
  out.bytes(body);
  TRY_VOID(finish_message(out, start));
  return out.take();
}

}  // namespace pratique::openflow
