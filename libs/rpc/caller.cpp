#include "libs/rpc/caller.h"

#include <algorithm>

#include "libs/runtime/config_reader.h"

namespace pratique::rpc {
namespace {

constexpr std::string_view kScheme = "spiffe://";

// SPIFFE-ID section 2.2 for a path segment, and what names of operators need beside it.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 128 && text != "." && text != ".." && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.@").contains(c);
  });
}

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::none: return "none";
    case Role::viewer: return "viewer";
    case Role::operator_: return "operator";
    case Role::admin: return "admin";
  }
  return "none";
}

std::string Caller::text() const {
  switch (kind) {
    case Kind::service: return "service/" + name;
    case Kind::operator_: return "operator/" + name;
    case Kind::unknown: break;
  }
  return "unknown";
}

void read(runtime::ConfigReader& in, TrustConfig& out) {
  in.optional("trust_domain", out.trust_domain);
  std::map<std::string, std::string> operators;
  in.optional("operators", operators);
  for (const auto& [name, word] : operators) {
    if (!is_name(name)) in.refuse("operators", "'" + name + "' is no name that a certificate can carry");
    if (word == "viewer") out.operators[name] = Role::viewer;
    else if (word == "operator") out.operators[name] = Role::operator_;
    else if (word == "admin") out.operators[name] = Role::admin;
    else in.refuse("operators", "the role of '" + name + "' must be viewer, operator or admin, not '" + word + "'");
  }
}

Caller identify(const std::vector<std::string>& uris, const TrustConfig& trust) {
  Caller caller;
  for (const auto& uri : uris) {
    if (!uri.starts_with(kScheme)) continue;
    if (!caller.uri.empty()) return {};  // two identities are none (X509-SVID section 2)
    caller.uri = uri;
  }
  std::string_view rest = caller.uri;
  const std::string ours = std::string(kScheme) + trust.trust_domain + "/";
  if (!rest.starts_with(ours)) return caller;
  rest.remove_prefix(ours.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return caller;
  const auto kind = rest.substr(0, slash), name = rest.substr(slash + 1);
  if (!is_name(name)) return caller;
  if (kind == "service") {
    caller.kind = Caller::Kind::service;
  } else if (kind == "operator") {
    caller.kind = Caller::Kind::operator_;
    if (const auto role = trust.operators.find(std::string(name)); role != trust.operators.end())
      caller.role = role->second;
  } else {
    return caller;
  }
  caller.name = name;
  return caller;
}

std::string service_uri(std::string_view trust_domain, std::string_view name) {
  return std::string(kScheme) + std::string(trust_domain) + "/service/" + std::string(name);
}

}  // namespace pratique::rpc
