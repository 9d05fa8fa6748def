#include "services/network/api/wire.h"

#include "services/network/domain/reasons.h"

namespace pratique::network {

void write_finding(std::string_view code, std::string_view message, pratique::common::v1::Finding* out) {
  const Reason* reason = find_reason(code);
  const std::string_view cause = reason ? reason->meaning : "this version of network does not know the code";
  const std::string_view remedy =
      reason ? reason->remedy : "look the code up in the documentation of the service that reported it";
  out->set_code(std::string(code));
  out->set_message(std::string(message.empty() ? cause : message));
  out->set_cause(std::string(cause));
  out->set_remedy(std::string(remedy));
}

void write_finding(const Finding& finding, pratique::common::v1::Finding* out) {
  write_finding(finding.code, finding.message, out);
  for (const auto& [name, value] : finding.evidence) (*out->mutable_evidence())[name] = value;
}

std::string filter_text(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out += std::to_string(part.size()) + ':' + std::string(part);
  return out;
}

}  // namespace pratique::network
