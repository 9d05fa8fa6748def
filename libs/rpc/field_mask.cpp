#include "libs/rpc/field_mask.h"

#include <fmt/format.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/field_mask_util.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "libs/rpc/catalogue.h"

namespace pratique::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

bool is_set(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  return field.is_repeated() ? reflection->FieldSize(message, &field) > 0 : reflection->HasField(message, &field);
}

// The message that holds the last field of a (valid) path, or nothing where one above it is unset.
const Message* holder(const Message& root, std::string_view path, const FieldDescriptor*& last) {
  const auto* message = &root;
  for (;;) {
    const auto dot = path.find('.');
    last = message->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    if (dot == std::string_view::npos) return message;
    if (!is_set(*message, *last)) return nullptr;
    message = &message->GetReflection()->GetMessage(*message, last);
    path.remove_prefix(dot + 1);
  }
}

void clear(Message& root, std::string_view path) {
  const FieldDescriptor* last = nullptr;
  if (const auto* found = holder(root, path, last))
    found->GetReflection()->ClearField(const_cast<Message*>(found), last);  // `root` is ours to change
}

}  // namespace

Result<void> apply_update_mask(const FieldMask& mask, const Message& source,
                               std::initializer_list<std::string_view> updatable, Message& target) {
  std::vector<std::string> paths;
  const bool all = mask.paths_size() == 1 && mask.paths(0) == "*";
  if (all || mask.paths_size() == 0) {
    for (const auto path : updatable) {
      const FieldDescriptor* last = nullptr;
      const auto* found = holder(source, path, last);
      if (all || (found != nullptr && is_set(*found, *last))) paths.emplace_back(path);
    }
  }
  for (const auto& path : mask.paths()) {
    if (all) break;
    const bool allowed = std::ranges::any_of(
        updatable, [&](auto open) { return path == open || path.starts_with(std::string(open) + "."); });
    if (!FieldMaskUtil::GetFieldDescriptors(source.GetDescriptor(), path, nullptr))
      return kUpdateMaskInvalid.error(fmt::format("update_mask: there is no field '{}'", path));
    if (!allowed) return kUpdateMaskInvalid.error(fmt::format("update_mask: '{}' cannot be updated", path));
    paths.push_back(path);
  }
  for (const auto& path : paths) {
    clear(target, path);
    const FieldDescriptor* last = nullptr;
    const auto* found = holder(source, path, last);
    if (found == nullptr || !is_set(*found, *last)) continue;
    FieldMask one;
    one.add_paths(path);
    const std::unique_ptr<Message> part(source.New());
    part->CopyFrom(source);
    FieldMaskUtil::TrimMessage(one, part.get());
    target.MergeFrom(*part);
  }
  return {};
}

}  // namespace pratique::rpc
