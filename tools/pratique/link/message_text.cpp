#include "tools/pratique/link/message_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <memory>

#include "libs/rpc/timestamp.h"

namespace pratique::cli {
namespace {

constexpr std::string_view kUnspecified = "UNSPECIFIED";

// "DEVICE_STATE_": what the value 0 has before its own word.
std::size_t prefix_length(const google::protobuf::EnumDescriptor& type) {
  const auto* zero = type.FindValueByNumber(0);
  if (zero == nullptr || !zero->name().ends_with(kUnspecified)) return 0;
  return zero->name().size() - kUnspecified.size();
}

}  // namespace

std::string enum_word(const google::protobuf::EnumDescriptor& type, int value) {
  if (value == 0) return "";
  const auto* known = type.FindValueByNumber(value);
  if (known == nullptr) return std::to_string(value);
  auto word = known->name().substr(prefix_length(type));
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return word;
}

std::vector<std::string> enum_words(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> out;
  for (int i = 0; i < type.value_count(); ++i)
    if (type.value(i)->number() != 0) out.push_back(enum_word(type, type.value(i)->number()));
  return out;
}

std::optional<int> enum_value(const google::protobuf::EnumDescriptor& type, std::string_view word) {
  for (int i = 0; i < type.value_count(); ++i)
    if (const int number = type.value(i)->number(); number != 0 && enum_word(type, number) == word) return number;
  return std::nullopt;
}

Timestamp time_of(const google::protobuf::Timestamp& time) { return rpc::read_time("time", time).value_or(Timestamp()); }

Result<std::string> json_of(const google::protobuf::Message& message) {
  namespace pb = google::protobuf;
  // Through the wire form, which alone can be had with the entries of maps in their order.
  std::string wire, out;
  {
    pb::io::StringOutputStream stream(&wire);
    pb::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  static const std::unique_ptr<pb::util::TypeResolver> kTypes(
      pb::util::NewTypeResolverForDescriptorPool("type.googleapis.com", pb::DescriptorPool::generated_pool()));
  pb::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  const auto status = pb::util::BinaryToJsonString(
      kTypes.get(), "type.googleapis.com/" + message.GetDescriptor()->full_name(), wire, &out, options);
  if (!status.ok())
    return internal("JSON_UNWRITABLE", "the answer cannot be written as JSON: " + std::string(status.message()));
  return out;
}

}  // namespace pratique::cli
