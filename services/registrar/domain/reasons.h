// The catalogue of reasons: what a code found at the door means, why such a thing happens, what to do about it, and
// the little that the device is told.
//
// It is put together of the registrar's own list and those of the protocols that onboarding speaks, so that a code
// has one home:
//   const ReasonCatalogue catalogue({own_reasons(), protocol_reasons…});
//   catalogue.explain(finding).remedy
// A code that no list knows (of a newer onboarding service) is kept, with words that say so.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/verdict.h"

namespace pratique::registrar {

struct Reason {
  std::string code = {};
  std::string cause = {};         // why such a thing happens
  std::string remedy = {};        // what an operator does about it
  std::string safe_message = {};  // what the device is told: nothing of what was seen
  int http_status = 403;     // a hint for the device-facing side
};

/// The registrar's own: genuineness, standing, policy, approval.
std::vector<Reason> own_reasons();

/// A finding with all that the catalogue says of it.
struct ExplainedFinding {
  Finding finding;
  std::string cause = {};
  std::string remedy = {};
  std::string safe_message = {};
  int http_status = 403;
};

class ReasonCatalogue {
 public:
  /// Of several entries for one code the first counts.
  explicit ReasonCatalogue(std::initializer_list<std::vector<Reason>> lists);

  bool knows(std::string_view code) const { return reasons_.contains(code); }
  ExplainedFinding explain(const Finding& finding) const;
  const std::map<std::string, Reason, std::less<>>& reasons() const { return reasons_; }
  /// The operators' reference, as Markdown.
  std::string markdown() const;

 private:
  std::map<std::string, Reason, std::less<>> reasons_;
};

}  // namespace pratique::registrar
