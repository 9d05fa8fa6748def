// Lists, page by page.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <google/protobuf/message.h>

#include "libs/base/result.h"
#include "tools/pratique/grammar/arguments.h"
#include "tools/pratique/link/connection.h"

namespace pratique::cli {

inline constexpr std::int64_t kDefaultLimit = 200;
inline constexpr std::int64_t kAllOfThem = 0;
inline constexpr std::int64_t kMaxPage = 1000;  // what the services give at most

/// "--limit N"; 0 is all.
inline Option limit_option() { return Option::text("limit", "N", "show at most N (200 if left out, 0 for all)"); }
inline Result<std::int64_t> limit_of(const Arguments& arguments) {
  return arguments.integer("limit", kDefaultLimit, kAllOfThem, 100'000'000);
}

/// Elements of the list that a List…Response is.
int count_elements(const google::protobuf::Message& response);

/// Asks for page after page until there are `limit` elements (0: all). The answer has all of them, and a
/// next_page_token where there are more.
template <typename Response, typename Request>
Result<Response> list(Api& api, Request request, std::int64_t limit) {
  Response all;
  for (;;) {
    const auto left = limit == kAllOfThem ? kMaxPage : limit - count_elements(all);
    request.set_page_size(static_cast<std::int32_t>(std::min(left, kMaxPage)));
    TRY(auto page, api.call<Response>(request));
    all.clear_next_page_token();
    all.MergeFrom(page);
    if (all.next_page_token().empty() || (limit != kAllOfThem && count_elements(all) >= limit)) return all;
    request.set_page_token(all.next_page_token());
  }
}

}  // namespace pratique::cli
