// Internal to this room: what our client and our server write, as the heads of HTTP/1 messages (RFC 9112); the body
// follows as it is. tests/fuzz/fuzz_http.cpp holds them against the readers.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/net/http.h"
#include "libs/net/https_client.h"

namespace pratique::net {

/// INVALID_ARGUMENT REQUEST_INVALID where the call would not make one whole request.
Result<void> check_call(const HttpCall& call);
/// Of a checked call. Host, Content-Length and Accept are added; the call's own Host, Content-Length, Transfer-Encoding
/// and Connection are left out.
std::string request_head(const HttpCall& call, std::string_view authority);

/// False where the response would not be one whole response.
bool is_sendable(const http::Response& response);
struct ResponseFraming {
  unsigned version = 11;   // the request's
  bool keep_alive = false;
  bool to_head = false;    // the response to a HEAD
};
/// True where the status or the method leave no room for a body (RFC 9110 section 6.4.1).
bool is_bodiless(const http::Response& response, const ResponseFraming& framing);
/// Of a sendable response. Date, Content-Length and Connection are ours; the response's own are left out.
std::string response_head(const http::Response& response, const ResponseFraming& framing, Timestamp now);

}  // namespace pratique::net
