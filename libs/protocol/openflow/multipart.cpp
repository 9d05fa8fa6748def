#include "libs/protocol/openflow/multipart.h"

namespace pratique::openflow {

std::string_view name_of(MultipartType type) {
  switch (type) {
    case MultipartType::description: return "DESC";
    case MultipartType::flow: return "FLOW";
    case MultipartType::table: return "TABLE";
    case MultipartType::port_description: return "PORT_DESC";
  }
  return "UNKNOWN";
}

Result<Bytes> encode_multipart_request(Xid xid, MultipartType type, ByteView body) {
  Writer out;
  const auto start = start_message(out, MessageType::multipart_request, xid);
  out.u16(static_cast<std::uint16_t>(type));
  out.u16(0);
  out.zeros(4);
  out.bytes(body);
  TRY_VOID(finish_message(out, start));
  return out.take();
}

Result<MultipartReply> parse_multipart_reply(ByteView body) {
  Reader in(body, "multipart reply");
  TRY_VOID(in.need(kMultipartHeaderSize));
  MultipartReply reply;
  reply.type = static_cast<MultipartType>(in.u16());
  reply.more = (in.u16() & kMultipartMore) != 0;
  in.skip(4);
  reply.body = in.rest();
  return reply;
}

}  // namespace pratique::openflow
