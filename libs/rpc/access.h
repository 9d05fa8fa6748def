// Who may call what: one declarative table a service. What is not listed is refused.
//
//   const rpc::Access kAccess{
//       {"/pratique.registrar.v1.Devices/GetDevice", {rpc::operators(Role::viewer), rpc::service("onboarding")}},
//       {"/pratique.registrar.v1.Devices/ApproveDevice", {rpc::operators(Role::operator_)}},
//   };
//
// A test of each service walks its descriptors, so that a new RPC without a line fails:
//   CHECK(rpc::unlisted_methods(kAccess, {Devices::descriptor()…}).empty());
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/rpc/caller.h"

namespace google::protobuf {
class ServiceDescriptor;
}

namespace pratique::rpc {

struct Allowed {
  Caller::Kind kind = Caller::Kind::unknown;
  std::string name;              // a service's; empty: any service
  Role least = Role::admin;      // of an operator
};
/// Operators of this role or a higher one.
Allowed operators(Role least);
/// That service alone.
Allowed service(std::string_view name);
/// Any of our services.
Allowed any_service();

class Access {
 public:
  using Table = std::map<std::string, std::vector<Allowed>, std::less<>>;
  Access() = default;
  Access(std::initializer_list<Table::value_type> lines) : table_(lines) {}
  explicit Access(Table table) : table_(std::move(table)) {}

  /// Nothing, or PERMISSION_DENIED with METHOD_NOT_LISTED, CALLER_UNKNOWN or CALLER_NOT_ALLOWED.
  Result<void> check(std::string_view method, const Caller& caller) const;
  bool lists(std::string_view method) const { return table_.contains(method); }
  const Table& table() const { return table_; }

 private:
  Table table_;
};

/// The two together; a service with several APIs declares a table beside each.
Access merge(std::initializer_list<Access> tables);

/// Methods of these services without a line, and lines that name no method of theirs (prefixed "no such method: ").
std::vector<std::string> unlisted_methods(const Access& access,
                                          const std::vector<const google::protobuf::ServiceDescriptor*>& services);
/// The descriptor of a service linked into this program, by full name ("pratique.registrar.v1.Devices");
/// nullptr if there is none.
const google::protobuf::ServiceDescriptor* find_service(std::string_view full_name);

}  // namespace pratique::rpc
