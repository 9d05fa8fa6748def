// Who calls: the SPIFFE identity (SPIFFE-ID section 2) of the peer's certificate, which mutual TLS has verified.
//
//   spiffe://<trust domain>/service/<name>     one of our services
//   spiffe://<trust domain>/operator/<name>    a person or an integration; its role stands in our configuration
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::runtime {
class ConfigReader;
}

namespace pratique::rpc {

/// Each may do what those before it may.
enum class Role { none, viewer, operator_, admin };
std::string_view to_string(Role role);

struct Caller {
  enum class Kind { unknown, service, operator_ };
  Kind kind = Kind::unknown;
  std::string name;        // "onboarding", "jo@example.com"
  Role role = Role::none;  // of an operator
  std::string uri;         // as presented

  /// For the audit log: "service/onboarding", "operator/jo@example.com", "unknown".
  std::string text() const;
};

/// Whose certificates we take, and what operators may do: part of a service's configuration.
struct TrustConfig {
  std::string trust_domain = "pratique.local";
  std::map<std::string, Role> operators;  // name -> role; who is not listed has none
};
/// Keys: trust_domain, operators (name: viewer | operator | admin).
void read(runtime::ConfigReader& in, TrustConfig& out);

/// Judges the URI names of a verified certificate. Exactly one must be a SPIFFE identity of our trust domain;
/// anything else is Kind::unknown, which no access list admits.
Caller identify(const std::vector<std::string>& uris, const TrustConfig& trust);

/// "spiffe://<trust domain>/service/<name>".
std::string service_uri(std::string_view trust_domain, std::string_view name);

}  // namespace pratique::rpc
