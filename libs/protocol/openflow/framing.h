// A stream of bytes, in whatever pieces it comes, cut into messages (OpenFlow 1.4.0 section 7.1).
//
//   framer.push(bytes);
//   for (;;) { TRY(auto message, framer.next()); if (!message) break; … }
//
// Errors are final: what follows a wrong length cannot be found. Keeps at most one message that is not whole.
#pragma once

#include <cstddef>
#include <optional>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

class Framer {
 public:
  explicit Framer(std::size_t max_size = kMaxMessageSize) : max_size_(max_size) {}

  /// From now on messages of another version, or longer than this, are refused. Before the first call any version but
  /// zero is taken: a hello bears the highest that its sender knows.
  void require(std::uint8_t version, std::size_t max_size);

  void push(ByteView bytes);
  /// The next whole message, nothing while bytes are missing. OPENFLOW_LENGTH_INVALID (below eight),
  /// OPENFLOW_OVERSIZE, OPENFLOW_VERSION_WRONG; each is known from the header alone.
  Result<std::optional<Message>> next();
  /// Bytes that wait for the rest of their message.
  std::size_t buffered() const { return buffer_.size() - offset_; }

 private:
  Bytes buffer_;
  std::size_t offset_ = 0;
  std::size_t max_size_;
  std::uint8_t version_ = 0;  // 0: any
};

}  // namespace pratique::openflow
