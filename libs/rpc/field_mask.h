// Partial updates by AIP-134.
#pragma once

#include <initializer_list>
#include <string_view>

#include "libs/base/result.h"

namespace google::protobuf {
class FieldMask;
class Message;
}  // namespace google::protobuf

namespace pratique::rpc {

/// Copies from `source` into `target` (of the same type) the fields that `mask` names. Only paths in or below
/// `updatable` may be named; "*" stands for all of them, an empty mask for those that are set in `source`. A path
/// that is named but unset in `source` is cleared. INVALID_ARGUMENT UPDATE_MASK_INVALID names the path.
Result<void> apply_update_mask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& source,
                               std::initializer_list<std::string_view> updatable, google::protobuf::Message& target);

}  // namespace pratique::rpc
