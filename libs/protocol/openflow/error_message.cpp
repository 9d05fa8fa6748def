#include "libs/protocol/openflow/error_message.h"

#include <algorithm>

namespace pratique::openflow {
namespace {

std::string printable(ByteView bytes) {
  std::string text;
  for (const auto byte : bytes) text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '?';
  return text;
}

}  // namespace

std::optional<MessageType> ErrorMessage::refused_type() const {
  if (type == kErrorHelloFailed || data.size() < kHeaderSize) return std::nullopt;
  return static_cast<MessageType>(data[1]);
}

std::string ErrorMessage::text() const {
  const auto numbers = std::to_string(type) + "/" + std::to_string(code);
  if (type == kErrorExperimenter) {
    const auto name = experimenter == 0x2320 ? nicira_error_name(code) : std::string_view();
    if (!name.empty()) return std::string(name) + " (" + numbers + ")";
    return "EXPERIMENTER " + std::to_string(experimenter) + " code " + std::to_string(code) + " (" + numbers + ")";
  }
  const auto kind = error_type_name(type);
  const auto what = error_code_name(type, code);
  std::string text = kind.empty() ? "type " + std::to_string(type) : std::string(kind);
  text += what.empty() ? " code " + std::to_string(code) : " " + std::string(what);
  text += " (" + numbers + ")";
  if (type == kErrorHelloFailed && !data.empty()) text += ": " + printable(data);
  return text;
}

Result<ErrorMessage> parse_error(ByteView body) {
  Reader in(body, "error");
  TRY_VOID(in.need(4));
  ErrorMessage error;
  error.type = in.u16();
  error.code = in.u16();
  if (error.type == kErrorExperimenter) {
    TRY_VOID(in.need(4));
    error.experimenter = in.u32();
  }
  error.data = to_bytes(in.take(kMaxErrorData));
  return error;
}

Bytes encode_hello_failed(Xid xid, std::string_view text) {
  Writer out;
  const auto start = start_message(out, MessageType::error, xid);
  out.u16(kErrorHelloFailed);
  out.u16(0);  // INCOMPATIBLE
  out.bytes(as_bytes(text.substr(0, kMaxErrorData)));
  out.set_u16(start + 2, out.size() - start);
  return out.take();
}

}  // namespace pratique::openflow
