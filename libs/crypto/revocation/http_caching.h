// What HTTP may say about how long an OCSP response or a CRL is good (RFC 5019 section 6.2), as plain values: whoever
// serves them over HTTP writes them into its headers.
//
//   const auto caching = cache_facts(der, single.this_update, *single.next_update, clock.now());
//   if (request's If-None-Match is caching.etag) → 304
//   Cache-Control: caching.cache_control    ETag: caching.etag
//   Last-Modified: http_date(caching.last_modified)    Expires: http_date(caching.expires)
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"

namespace pratique::crypto {

/// For unsigned answers, and for those that carry a nonce: nobody keeps them.
inline constexpr std::string_view kNoStore = "no-store";

struct CacheFacts {
  std::chrono::seconds max_age{0};
  std::string cache_control;  // "max-age=3600,public,no-transform,must-revalidate"
  std::string etag;           // quoted: SHA-256 of the body in hex
  Timestamp last_modified = {};  // this_update
  Timestamp expires = {};        // next_update
};

/// max-age lasts until next_update, and is 0 from then on: a proxy never has one that its reader would refuse as stale.
/// `refresh_after`, where not 0: not longer than this, for whoever answers anew before next_update.
CacheFacts cache_facts(ByteView body, Timestamp this_update, Timestamp next_update, Timestamp now,
                       std::chrono::seconds refresh_after = std::chrono::seconds(0));

/// IMF-fixdate (RFC 9110 section 5.6.7): "Tue, 24 Nov 2026 06:38:27 GMT".
std::string http_date(Timestamp time);

}  // namespace pratique::crypto
