// The header that every message has, and the kinds of messages (OpenFlow 1.4.0 section 7.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

inline constexpr std::uint8_t kVersion = 5;  // OpenFlow 1.4, the only one that we speak
inline constexpr std::size_t kHeaderSize = 8;
inline constexpr std::size_t kMaxMessageSize = 65535;  // what the header's length can say

/// Transaction id: an answer bears its question's.
using Xid = std::uint32_t;

enum class MessageType : std::uint8_t {
  hello = 0,
  error = 1,
  echo_request = 2,
  echo_reply = 3,
  experimenter = 4,
  features_request = 5,
  features_reply = 6,
  set_config = 9,
  packet_in = 10,
  flow_removed = 11,
  port_status = 12,
  packet_out = 13,
  flow_mod = 14,
  multipart_request = 18,
  multipart_reply = 19,
  barrier_request = 20,
  barrier_reply = 21,
  role_request = 24,
  role_reply = 25,
  role_status = 30,
  table_status = 31,
  request_forward = 32,
  bundle_control = 33,
  bundle_add_message = 34,
};
/// "FLOW_MOD"; "type 99" has no name: "UNKNOWN".
std::string_view name_of(MessageType type);

struct Message {
  std::uint8_t version = kVersion;
  MessageType type = MessageType::hello;  // may hold a number that has no name
  Xid xid = 0;
  Bytes body = {};  // what follows the header

  bool operator==(const Message&) const = default;
};

/// Starts a message; returns where, for finish_message.
std::size_t start_message(Writer& out, MessageType type, Xid xid);
/// Writes the length. OPENFLOW_MESSAGE_TOO_LARGE beyond kMaxMessageSize; then `out` is to be thrown away.
Result<void> finish_message(Writer& out, std::size_t start);
/// A message with this body. OPENFLOW_MESSAGE_TOO_LARGE.
Result<Bytes> encode_message(MessageType type, Xid xid, ByteView body = {});

}  // namespace pratique::openflow
