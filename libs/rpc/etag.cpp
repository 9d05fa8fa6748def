#include "libs/rpc/etag.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/rpc/catalogue.h"

namespace pratique::rpc {

std::string make_etag(std::string_view resource_name, std::int64_t version) {
  const auto hash = crypto::sha256(crypto::envelope_context({"etag", resource_name, std::to_string(version)}));
  return hex_encode(ByteView(hash).first(8));
}

Result<void> check_etag(std::string_view given, std::string_view current) {
  if (given.empty() || given == current) return {};
  return kEtagMismatch.error("the resource changed since it was read");
}

}  // namespace pratique::rpc
