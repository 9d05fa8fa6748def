// Paging by AIP-158: opaque tokens that carry the last key of a page, sealed so that nobody can alter one or use it
// with another filter.
//
//   TRY(const auto page, rpc::parse_page(tokens, "ListDevices", request.filter(), request.page_size(),
//                                        request.page_token()));
//   …read page.size + 1 rows after page.after…
//   response.set_next_page_token(tokens.seal("ListDevices", request.filter(), last_key));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::rpc {

inline constexpr std::int32_t kDefaultPageSize = 50;
inline constexpr std::int32_t kMaxPageSize = 1000;
/// Longer tokens are refused unread.
inline constexpr std::size_t kMaxPageToken = 2048;

/// Thread-safe. All replicas of a service are given the same key.
class PageTokens {
 public:
  explicit PageTokens(Secret key) : key_(std::move(key)) {}

  /// `scope` is the method; `filter` everything of the request that decides which rows come in which order.
  std::string seal(std::string_view scope, std::string_view filter, std::string_view last_key) const;
  /// The last key; INVALID_ARGUMENT PAGE_TOKEN_INVALID for a foreign, altered or differently filtered token.
  Result<std::string> open(std::string_view scope, std::string_view filter, std::string_view token) const;

 private:
  Secret key_;
};

struct Page {
  std::int32_t size = kDefaultPageSize;
  std::string after;  // empty: from the start
};
/// Size 0 means the default, larger ones are capped, negative ones are INVALID_ARGUMENT PAGE_SIZE_INVALID.
Result<Page> parse_page(const PageTokens& tokens, std::string_view scope, std::string_view filter,
                        std::int32_t page_size, std::string_view page_token);

}  // namespace pratique::rpc
