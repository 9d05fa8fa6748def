// What a switch says, written by hand: bytes from text, and messages from their parts.
#pragma once

#include <catch2/catch.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

#include "libs/base/hex.h"
#include "libs/protocol/openflow/message.h"
#include "libs/protocol/openflow/session.h"

namespace pratique::openflow::test {

template <typename T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().reason << ": " << result.error().message);
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  if (!result) FAIL(result.error().reason << ": " << result.error().message);
}
/// The reason of a failure, "" of a success.
template <typename T>
std::string reason_of(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

/// "05 00 0010": white space is for reading.
inline Bytes bytes(std::string_view text) {
  std::string digits;
  for (const char each : text)
    if (each != ' ' && each != '\n') digits += each;
  return must(hex_decode(digits));
}
inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes message(MessageType type, Xid xid, std::string_view body = "") {
  return must(encode_message(type, xid, bytes(body)));
}
/// As Open vSwitch 3.1 says it: version 6 in the header, 1 to 6 in the bitmap.
inline Bytes hello() { return bytes("06 00 0010 00000001  0001 0008 0000007e"); }
inline Bytes features(Xid xid) {
  return message(MessageType::features_reply, xid, "0000 4ad48ee36d41  00000000 fe 00 0000  0000004f 00000000");
}
inline Bytes error(Xid xid, std::string_view type_and_code, std::string_view data = "050e0008 00000000") {
  return message(MessageType::error, xid, std::string(type_and_code) + std::string(data));
}
inline Bytes bundle_control(Xid xid, std::uint32_t id, std::uint16_t type) {
  Writer body;
  body.u32(id);
  body.u16(type);
  body.u16(0);
  return must(encode_message(MessageType::bundle_control, xid, body.view()));
}
inline Bytes barrier_reply(Xid xid) { return message(MessageType::barrier_reply, xid); }

/// The messages in these bytes.
inline std::vector<Message> messages(ByteView stream) {
  Framer framer;
  framer.push(stream);
  std::vector<Message> out;
  while (auto next = must(framer.next())) out.push_back(*std::move(next));
  CHECK(framer.buffered() == 0);
  return out;
}

}  // namespace pratique::openflow::test
