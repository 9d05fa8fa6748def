#include "services/registrar/domain/decision.h"

#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {

std::vector<Finding> storable(std::vector<Finding> findings) {
  constexpr std::size_t kCode = 128;
  if (findings.size() > kMaxFindings) findings.resize(kMaxFindings);
  for (auto& finding : findings) {
    finding.code = displayable(finding.code, kCode);
    finding.message = displayable(finding.message, kMaxFindingText);
    if (finding.evidence.size() > kMaxFindingEvidence) finding.evidence.resize(kMaxFindingEvidence);
    for (auto& [key, value] : finding.evidence) {
      key = displayable(key, kCode);
      value = displayable(value, kMaxFindingText);
    }
  }
  return findings;
}

std::string_view to_string(TelemetryKind kind) { return kind == TelemetryKind::voucher ? "voucher" : "enrolment"; }

}  // namespace pratique::registrar
