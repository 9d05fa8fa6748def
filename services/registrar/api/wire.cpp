#include "services/registrar/api/wire.h"

namespace pratique::registrar {

void write(const ExplainedFinding& explained, pratique::common::v1::Finding* out) {
  out->set_code(explained.finding.code);
  out->set_message(explained.finding.message);
  out->set_cause(explained.cause);
  out->set_remedy(explained.remedy);
  for (const auto& [name, value] : explained.finding.evidence) (*out->mutable_evidence())[name] = value;
  out->set_safe_message(explained.safe_message);
}

Finding read_finding(const pratique::common::v1::Finding& finding) {
  Finding out{finding.code(), finding.message(), {}};
  for (const auto& [name, value] : finding.evidence()) out.evidence.emplace_back(name, value);
  return out;
}

}  // namespace pratique::registrar
