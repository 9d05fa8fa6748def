#include "libs/rpc/page_token.h"

#include <algorithm>

#include "libs/base/base64.h"
#include "libs/base/bytes.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/rpc/catalogue.h"

namespace pratique::rpc {
namespace {

// Token: 0x01 | HMAC-SHA256 cut to 16 bytes | last key.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTagSize = 16;

Bytes tag(const Secret& key, std::string_view scope, std::string_view filter, std::string_view last_key) {
  auto full = crypto::hmac_sha256(key, crypto::envelope_context({"page token", scope, filter, last_key}));
  full.resize(kTagSize);
  return full;
}

}  // namespace

std::string PageTokens::seal(std::string_view scope, std::string_view filter, std::string_view last_key) const {
  Bytes token{kVersion};
  const auto seal = tag(key_, scope, filter, last_key);
  token.insert(token.end(), seal.begin(), seal.end());
  const auto last = as_bytes(last_key);
  token.insert(token.end(), last.begin(), last.end());
  return base64url_encode(token);
}

Result<std::string> PageTokens::open(std::string_view scope, std::string_view filter, std::string_view token) const {
  const auto refused = [] {
    return kPageTokenInvalid.error("page_token is not one of ours for this method and filter");
  };
  if (token.size() > kMaxPageToken) return refused();
  const auto raw = base64_decode_lenient(token);
  if (!raw || raw->size() < 1 + kTagSize || raw->front() != kVersion) return refused();
  const auto bytes = ByteView(*raw);
  auto last_key = to_string(bytes.subspan(1 + kTagSize));
  if (!equal_constant_time(bytes.subspan(1, kTagSize), tag(key_, scope, filter, last_key))) return refused();
  return last_key;
}

Result<Page> parse_page(const PageTokens& tokens, std::string_view scope, std::string_view filter,
                        std::int32_t page_size, std::string_view page_token) {
  if (page_size < 0) return kPageSizeInvalid.error("page_size is negative");
  Page page;
  if (page_size > 0) page.size = std::min(page_size, kMaxPageSize);
  if (!page_token.empty()) {
    TRY(page.after, tokens.open(scope, filter, page_token));
  }
  return page;
}

}  // namespace pratique::rpc
