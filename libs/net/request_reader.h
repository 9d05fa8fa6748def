// One HTTP/1 request (RFC 9112) from bytes as they come, within limits. Sans-IO: the server feeds it from its sockets,
// a fuzzer from nowhere (tests/fuzz/fuzz_http.cpp). Boost.Beast does the parsing, inside the .cpp.
//
//   RequestReader reader(limits);
//   while (reader.step() == RequestReader::Step::head || reader.step() == RequestReader::Step::body) {
//     used = reader.put(bytes);       // what was not used is shown again, with more behind it
//     … at the end of the stream: reader.end();
//   }
//   if (reader.step() == RequestReader::Step::complete) handle(reader.take());
//   else answer with reader.refusal()
//
// How the bytes are cut does not matter to the result. What is read: HTTP/1.0 and 1.1; a body of a Content-Length or
// chunked, nothing else; trailer fields are read and dropped (RFC 9110 section 6.5.1).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/net/http.h"

namespace pratique::net {

/// Of the line that begins a chunk, and of trailer fields; before more, nothing is used of the bytes shown.
inline constexpr std::size_t kMaxChunkHeadBytes = 16 << 10;

struct RequestLimits {
  std::size_t max_header_bytes = 16 << 10;  // request line and fields together
  /// Of the body, by method and path (no query). Must be set.
  std::function<std::size_t(std::string_view method, std::string_view path)> max_body_bytes;
};

class RequestReader {
 public:
  /// `limits` must outlive it.
  explicit RequestReader(const RequestLimits& limits);
  ~RequestReader();
  RequestReader(RequestReader&&) = delete;

  enum class Step {
    head,      // more of the head is wanted
    body,      // the head is whole, more of the body is wanted
    complete,
    refused,
  };
  Step step() const;
  /// Reads from the front of `bytes`, up to the end of the head, or else of the message; says how many were used. At
  /// most max_header_bytes or kMaxChunkHeadBytes, whichever is more, are ever left unused in step head or body.
  std::size_t put(ByteView bytes);
  /// Nothing more comes: what is not complete is refused.
  void end();

  /// In step refused: 400 malformed or broken off, 413 and 431 over a limit, 417 unknown Expect, 505 unknown version.
  int refusal() const;
  /// From step body on: what was read, the body apart; `peer` is not set.
  const http::Request& head() const;
  /// HTTP/1.0: 10; HTTP/1.1: 11.
  unsigned version() const;
  /// The client lets the connection carry another request.
  bool keep_alive() const;
  /// The client waits for "100 Continue" (RFC 9110 section 10.1.1).
  bool awaits_continue() const;
  /// In step complete, once.
  http::Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pratique::net
