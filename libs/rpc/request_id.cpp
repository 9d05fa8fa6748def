#include "libs/rpc/request_id.h"

#include "libs/base/id.h"
#include "libs/rpc/catalogue.h"

namespace pratique::rpc {

Result<std::optional<std::string>> parse_request_id(std::string_view request_id) {
  if (request_id.empty()) return std::optional<std::string>();
  auto uuid = parse_uuid(request_id);
  if (!uuid) return kRequestIdInvalid.error("request_id is no UUID");
  return std::optional<std::string>(*std::move(uuid));
}

Result<std::string> require_request_id(std::string_view request_id) {
  TRY(auto uuid, parse_request_id(request_id));
  if (!uuid) return kRequestIdMissing.error("request_id is required");
  return *std::move(uuid);
}

}  // namespace pratique::rpc
