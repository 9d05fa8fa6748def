// Messages of the API as text, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/generated_enum_reflection.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"

namespace pratique::cli {

/// DEVICE_STATE_ADMITTED -> "admitted", AWAITING_MASA -> "awaiting-masa"; "" for …_UNSPECIFIED, the number for a value
/// that is newer than this program.
std::string enum_word(const google::protobuf::EnumDescriptor& type, int value);
/// All words of a type, …_UNSPECIFIED left out.
std::vector<std::string> enum_words(const google::protobuf::EnumDescriptor& type);
std::optional<int> enum_value(const google::protobuf::EnumDescriptor& type, std::string_view word);

template <typename Enum>
std::string word_of(Enum value) {
  return enum_word(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}
template <typename Enum>
std::vector<std::string> words_of() {
  return enum_words(*google::protobuf::GetEnumDescriptor<Enum>());
}
/// …_UNSPECIFIED for what is no word of it; the command line has checked before.
template <typename Enum>
Enum value_of(std::string_view word) {
  return static_cast<Enum>(enum_value(*google::protobuf::GetEnumDescriptor<Enum>(), word).value_or(0));
}

/// 1970 where it is no time (rpc::read_time).
Timestamp time_of(const google::protobuf::Timestamp& time);

/// Proto3 JSON in one line: lowerCamelCase names, every plain field there even where it has its default, maps in
/// the order of their keys. The same message always gives the same bytes.
Result<std::string> json_of(const google::protobuf::Message& message);

}  // namespace pratique::cli
