// Internal to this room: Boost.Beast's parser of HTTP/1 messages as both readers use it: fed within limits, so that how
// the bytes are cut matters neither to the result nor to what must be buffered.
#pragma once

#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>

#include <algorithm>

#include "libs/base/bytes.h"
#include "libs/net/request_reader.h"

namespace pratique::net {

namespace wire = boost::beast::http;
using boost::system::error_code;

template <bool kIsRequest>
class MessageParser {
 public:
  explicit MessageParser(std::size_t max_header_bytes) : max_header_bytes_(max_header_bytes) {
    beast.header_limit(static_cast<std::uint32_t>(max_header_bytes));
    beast.eager(false);  // ends with the head, whose framing and length are judged before the body
  }

  /// How many bytes were used. `failed`: need_more, header_limit and body_limit, or what is wrong.
  std::size_t put(ByteView bytes, error_code& failed) {
    const bool in_head = !beast.is_header_done();
    const auto most = in_head ? max_header_bytes_ - head_bytes_ : kMaxChunkHeadBytes;
    const auto shown = bytes.first(std::min(bytes.size(), most));
    failed = wire::error::need_more;
    if (in_chunk_head_ && shown.size() < kLastChunkBytes) return 0;
    const auto used = beast.put({shown.data(), shown.size()}, failed);
    if (in_head) head_bytes_ += used;
    in_chunk_head_ = !in_head && failed == wire::error::need_more;
    if (failed == wire::error::need_more && shown.size() == most && (in_head || used == 0))
      failed = in_head ? wire::error::header_limit : wire::error::bad_chunk;
    return used;
  }

  /// False where a transfer coding is named that is not just "chunked", in HTTP/1.1 (RFC 9112 section 6.1): what we do
  /// not decode we must not take for a body, and where two readers could see two ends we refuse. (Beast refuses a
  /// Content-Length besides, and unequal ones.)
  bool is_plainly_framed() const {
    const auto& head = beast.get();
    const auto codings = head.count(wire::field::transfer_encoding);
    if (codings == 0) return true;
    return codings == 1 && head.version() >= 11 &&
           boost::beast::iequals(head[wire::field::transfer_encoding], "chunked");
  }

  http::Headers headers() const {
    http::Headers out;
    for (const auto& field : beast.get()) out.add(std::string(field.name_string()), std::string(field.value()));
    return out;
  }

  wire::parser<kIsRequest, wire::vector_body<std::uint8_t>> beast;

 private:
  // "0\r\n\r\n". Beast 1.74 asserts so many where it comes back to a last chunk that it has seen the beginning of, and
  // would end the process.
  static constexpr std::size_t kLastChunkBytes = 5;

  std::size_t max_header_bytes_;
  std::size_t head_bytes_ = 0;  // of the head, used so far
  bool in_chunk_head_ = false;  // Beast has seen the beginning of a chunk's head
};

}  // namespace pratique::net
