// Bytes of a connection to messages (RFC 7047 section 4: JSON-RPC 1.0 over a stream, without a framing of its own).
//
// Pieces come as the socket gives them: a message in many pieces, many messages in one. A message is whole when the
// brace that opened it is closed; braces within strings do not count. Only then is it parsed, strictly.
//
//   while (true) {
//     TRY(auto message, reader.next(piece));     // takes from the front of `piece`
//     if (!message) break;                       // the piece is used up; the rest of a message is still to come
//     …
//   }
//
// An error is final: where a stream is broken nothing says where the next message begins. Close the connection.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/codec/json/value.h"

namespace pratique::ovsdb {

struct MessageLimits {
  std::size_t max_bytes = std::size_t{64} << 20;    // of one message; a whole database comes in one
  std::size_t max_depth = 32;                       // what RFC 7047 needs is 10 (a schema)
  std::size_t max_members = std::size_t{1} << 18;   // of one object: rows of a table
  std::size_t max_elements = std::size_t{1} << 18;  // of one array: members of a set
  std::size_t max_values = std::size_t{1} << 20;    // of one message, in all
};

class MessageReader {
 public:
  explicit MessageReader(MessageLimits limits = {}) : limits_(limits) {}

  /// The next whole message; nothing where `piece` ends before it does. INVALID_ARGUMENT OVSDB_FRAMING (something that
  /// is no JSON object), OVSDB_MESSAGE_TOO_LARGE, OVSDB_MESSAGE_TOO_DEEP, or a reason of json::parse.
  Result<std::optional<json::Value>> next(ByteView& piece);

  /// Bytes of a message whose end has not come.
  std::size_t held() const { return text_.size(); }

 private:
  Error fail(Error error);

  MessageLimits limits_;
  std::string text_;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  std::optional<Error> broken_;
};

}  // namespace pratique::ovsdb
