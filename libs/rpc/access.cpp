#include "libs/rpc/access.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>

#include "libs/rpc/catalogue.h"

namespace pratique::rpc {

Allowed operators(Role least) { return {Caller::Kind::operator_, {}, std::max(least, Role::viewer)}; }
Allowed service(std::string_view name) { return {Caller::Kind::service, std::string(name), {}}; }
Allowed any_service() { return {Caller::Kind::service, {}, {}}; }

Result<void> Access::check(std::string_view method, const Caller& caller) const {
  const auto line = table_.find(method);
  if (line == table_.end()) return kMethodNotListed.error(fmt::format("nobody may call {}", method));
  if (caller.kind == Caller::Kind::unknown)
    return kCallerUnknown.error("the certificate carries no identity of this trust domain").with("uri", caller.uri);
  const auto admits = [&](const Allowed& allowed) {
    if (allowed.kind != caller.kind) return false;
    return caller.kind == Caller::Kind::service ? allowed.name.empty() || allowed.name == caller.name
                                                : caller.role >= allowed.least;
  };
  if (std::ranges::any_of(line->second, admits)) return {};
  return kCallerNotAllowed.error(fmt::format("{} may not call {}", caller.text(), method))
      .with("role", to_string(caller.role));
}

Access merge(std::initializer_list<Access> tables) {
  Access::Table all;
  for (const auto& table : tables) all.insert(table.table().begin(), table.table().end());
  return Access(std::move(all));
}

std::vector<std::string> unlisted_methods(const Access& access,
                                          const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  std::set<std::string> methods;
  for (const auto* descriptor : services)
    for (int i = 0; i < descriptor->method_count(); ++i)
      methods.insert("/" + descriptor->full_name() + "/" + descriptor->method(i)->name());
  std::vector<std::string> out;
  for (const auto& method : methods)
    if (!access.lists(method)) out.push_back(method);
  for (const auto& [method, allowed] : access.table())
    if (!methods.contains(method)) out.push_back("no such method: " + method);
  return out;
}

const google::protobuf::ServiceDescriptor* find_service(std::string_view full_name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(full_name));
}

}  // namespace pratique::rpc
