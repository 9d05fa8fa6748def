// Internal to this room: which framings of a message's body we take from others.
#pragma once

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/fields.hpp>

namespace pratique::net {

/// False where a transfer coding is named that is not just "chunked", in HTTP/1.1 (RFC 9112 section 6.1): what we do not
/// decode we must not take for a body, and where two readers could see two ends we refuse. (Beast refuses a
/// Content-Length besides, and unequal ones.)
template <typename Head>
bool is_plainly_framed(const Head& head) {
  namespace wire = boost::beast::http;
  const auto codings = head.count(wire::field::transfer_encoding);
  if (codings == 0) return true;
  return codings == 1 && head.version() >= 11 &&
         boost::beast::iequals(head[wire::field::transfer_encoding], "chunked");
}

}  // namespace pratique::net
