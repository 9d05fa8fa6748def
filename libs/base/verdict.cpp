#include "libs/base/verdict.h"

#include <algorithm>
#include <iterator>

namespace pratique {

void Verdict::refuse(std::string_view code, std::string_view message, Evidence evidence) {
  findings_.push_back({std::string(code), std::string(message), std::move(evidence)});
}

void Verdict::note(std::string_view code, std::string_view message, Evidence evidence) {
  notes_.push_back({std::string(code), std::string(message), std::move(evidence)});
}

void Verdict::absorb(Verdict part) {
  std::ranges::move(part.findings_, std::back_inserter(findings_));
  std::ranges::move(part.notes_, std::back_inserter(notes_));
}

bool Verdict::refused_for(std::string_view code) const {
  return std::ranges::any_of(findings_, [code](const Finding& finding) { return finding.code == code; });
}

Error Verdict::as_error(ErrorCode code) const {
  const Finding& main = first();
  Error error{code, main.code, main.message, main.evidence};
  for (std::size_t i = 1; i < findings_.size(); ++i) error.evidence.emplace_back("also", findings_[i].code);
  return error;
}

}  // namespace pratique
