// Requests and answers that do not fit into one message (OpenFlow 1.4.0 section 7.3.5): the frame around them.
#pragma once

#include <cstdint>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

enum class MultipartType : std::uint16_t { description = 0, flow = 1, table = 3, port_description = 13 };
std::string_view name_of(MultipartType type);

inline constexpr std::size_t kMultipartHeaderSize = 8;
inline constexpr std::uint16_t kMultipartMore = 1;

/// One part of an answer. `body` is a view into the message.
struct MultipartReply {
  MultipartType type = MultipartType::description;  // may hold a number that has no name
  bool more = false;                                // further parts follow
  ByteView body;
};

Result<Bytes> encode_multipart_request(Xid xid, MultipartType type, ByteView body = {});
Result<MultipartReply> parse_multipart_reply(ByteView body);

}  // namespace pratique::openflow
