#include "libs/protocol/openflow/framing.h"

#include <string>

#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {

void Framer::require(std::uint8_t version, std::size_t max_size) {
  version_ = version;
  max_size_ = max_size;
}

void Framer::push(ByteView bytes) {
  if (offset_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(offset_));
    offset_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Message>> Framer::next() {
  if (buffered() < kHeaderSize) return std::optional<Message>();
  Reader in(ByteView(buffer_).subspan(offset_), "header");
  Message message;
  message.version = in.u8();
  message.type = static_cast<MessageType>(in.u8());
  const std::size_t length = in.u16();
  message.xid = in.u32();
  if (message.version == 0 || (version_ != 0 && message.version != version_))
    return invalid(reason::kVersionWrong, "a message of version " + std::to_string(message.version) + ", agreed is " +
                                              std::to_string(version_ == 0 ? kVersion : version_));
  if (length < kHeaderSize)
    return invalid(reason::kLengthInvalid, "a message of " + std::to_string(length) + " bytes; its header has eight");
  if (length > max_size_)
    return invalid(reason::kOversize, "a message of " + std::to_string(length) + " bytes; " +
                                          std::to_string(max_size_) + " is the most here");
  if (buffered() < length) return std::optional<Message>();
  message.body = to_bytes(in.take(length - kHeaderSize));
  offset_ += length;
  return std::optional(std::move(message));
}

}  // namespace pratique::openflow
