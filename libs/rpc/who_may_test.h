// For the tests of access tables: who may call a method, a letter for each.
#pragma once

#include <catch2/catch.hpp>

#include <google/protobuf/descriptor.h>

#include <string>
#include <utility>
#include <vector>

#include "libs/rpc/access.h"

namespace pratique::rpc {

/// The service that is declared beside a message.
template <typename Message>
const google::protobuf::ServiceDescriptor* service_beside() {
  return Message::descriptor()->file()->service(0);
}

inline Caller person(Role role) { return {Caller::Kind::operator_, "jo", role, ""}; }

/// v, o, a: viewer, operator, admin; then the services, by the letters that they are given. Nobody else may.
inline std::string who_may(const Access& table, const std::string& method,
                           const std::vector<std::pair<char, std::string>>& services) {
  std::string out;
  const std::pair<char, Role> people[] = {{'v', Role::viewer}, {'o', Role::operator_}, {'a', Role::admin}};
  for (const auto& [letter, role] : people)
    if (table.check(method, person(role))) out += letter;
  for (const auto& [letter, name] : services)
    if (table.check(method, Caller{Caller::Kind::service, name, Role::none, ""})) out += letter;
  CHECK_FALSE(table.check(method, person(Role::none)));
  CHECK_FALSE(table.check(method, Caller{}));
  return out;
}

}  // namespace pratique::rpc
