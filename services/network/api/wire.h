// Values that every API of this service writes and reads alike.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "pratique/common/v1/finding.pb.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {

/// With what the list of reasons says of the code (domain/reasons.h).
void write_finding(std::string_view code, std::string_view message, pratique::common::v1::Finding* out);
void write_finding(const Finding& finding, pratique::common::v1::Finding* out);

/// Everything of a request that decides which rows come, as one text, for page tokens.
std::string filter_text(std::initializer_list<std::string_view> parts);

/// "<prefix>/<uuid>", or empty: names nothing. INVALID_ARGUMENT FIELD_INVALID, naming the field.
template <typename IdType>
Result<IdType> read_reference(std::string_view field, const std::string& name) {
  if (name.empty()) return IdType{};
  auto id = IdType::parse_name(name);
  if (!id) return field_invalid(field, "is no such name: " + id.error().message);
  return *std::move(id);
}

}  // namespace pratique::network
