// A judgement of good input: "this CSR may not be signed, and here is every reason". Not an Error: an Error
// says that *we* failed or that the input could not be read; a Verdict says that we read it and what we think.
//
//   Verdict verdict;                                              // accepts until something is found
//   if (serial != expected) verdict.refuse(kSerialMismatch, "the serial number is not the certificate's",
//                                          {{"serial", serial}, {"expected", expected}});
//   if (!verdict.accepted()) return answer_refusal(verdict);      // verdict.first() is the main reason
//
// A check goes on after the first finding where it can, so that a technician sees all that is wrong at once.
// The order of the findings is the order of the checks: put the most telling first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/error.h"

namespace pratique {

using Evidence = std::vector<std::pair<std::string, std::string>>;

/// One thing that was found. `code` is a constant of the room's list of reasons (UPPER_SNAKE_CASE), `message` is
/// for an operator: lower case, no full stop, never a secret. `evidence` is what was seen and what was expected;
/// it is shown to operators and written to the audit log, never sent to a device.
struct Finding {
  std::string code;
  std::string message;
  Evidence evidence = {};
};

class [[nodiscard]] Verdict {
 public:
  /// True while nothing speaks against it. Notes do not.
  bool accepted() const { return findings_.empty(); }
  /// Adds a reason to refuse.
  void refuse(std::string_view code, std::string_view message, Evidence evidence = {});
  /// Adds something worth recording that does not refuse: a leniency that was used, a check that could not be made.
  void note(std::string_view code, std::string_view message, Evidence evidence = {});
  /// Takes over all findings and notes of a part's verdict.
  void absorb(Verdict part);

  /// The reasons to refuse, in the order of the checks; empty when accepted.
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<Finding>& notes() const { return notes_; }
  /// The first reason to refuse. Only when !accepted().
  const Finding& first() const { return findings_.front(); }
  /// True if a finding (not a note) has this code.
  bool refused_for(std::string_view code) const;

  /// The first finding as an Error, for callers that treat a refusal as one; the codes of the other findings
  /// go into its evidence as "also". Only when !accepted().
  Error as_error(ErrorCode code = ErrorCode::permission_denied) const;

 private:
  std::vector<Finding> findings_;
  std::vector<Finding> notes_;
};

}  // namespace pratique
