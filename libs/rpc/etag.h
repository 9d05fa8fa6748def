// Optimistic locking by AIP-154: an etag is made of the row's version, and a change names the one it read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::rpc {

/// "W/" is not used: an etag stands for exactly one state of one resource.
std::string make_etag(std::string_view resource_name, std::int64_t version);
/// An empty `given` asks for no check; ABORTED ETAG_MISMATCH otherwise.
Result<void> check_etag(std::string_view given, std::string_view current);

}  // namespace pratique::rpc
