// One HTTP/1 response (RFC 9112) from bytes as they come, within limits; interim ones (1xx) before it are read and
// dropped. Sans-IO, the client's counterpart of request_reader.h; fuzzed by tests/fuzz/fuzz_http.cpp.
//
//   ResponseReader reader({.max_header_bytes = …, .max_body_bytes = …}, call.method);
//   while (reader.wants_more()) used = reader.put(bytes);      // or reader.end() at the end of the stream
//   if (reader.failure()) return *reader.failure();
//   response = reader.take();
//
// How the bytes are cut does not matter to the result. Trailer fields are read and dropped.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/net/http.h"
#include "libs/net/request_reader.h"

namespace pratique::net {

inline constexpr int kMaxInterimResponses = 8;

struct ResponseLimits {
  std::size_t max_header_bytes = 16 << 10;  // status line and fields together
  std::size_t max_body_bytes = 1 << 20;
};

class ResponseReader {
 public:
  /// `method` is that of the request: the response to a HEAD has no body.
  ResponseReader(ResponseLimits limits, std::string_view method);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) = delete;

  bool wants_more() const;
  /// Reads from the front of `bytes`, up to the end of the message; says how many were used. At most max_header_bytes
  /// or kMaxChunkHeadBytes, whichever is more, are ever left unused while more is wanted.
  std::size_t put(ByteView bytes);
  /// The stream ended as it should (over TLS: by a close_notify): completes a body that has no other end.
  void end();

  /// RESPONSE_TOO_LARGE, RESPONSE_MALFORMED, or UNAVAILABLE CONNECTION_CLOSED where it broke off.
  const std::optional<Error>& failure() const;
  /// The connection may carry another exchange.
  bool keep_alive() const;
  /// Of a complete response, once.
  http::Response take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pratique::net
