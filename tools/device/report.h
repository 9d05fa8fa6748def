// What became of an attempt, for people and for programs.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/error.h"
#include "libs/base/verdict.h"
#include "libs/codec/json/value.h"

namespace pratique::device {

enum class Outcome {
  done,                // onboarded, or renewed
  refused_by_network,  // the registrar does not want this device
  refuses_network,     // the device does not take this network as its owner
  timed_out,
  failed,  // no registrar, no connection, a defect
};
std::string_view to_string(Outcome outcome);  // "done", "refused_by_network", …
/// 0, 3, 4, 5, 1 in the order above.
int exit_code(Outcome outcome);

struct Step {
  std::string name;     // "voucher"
  std::string outcome;  // "accepted", "refused", …
  std::chrono::microseconds took{0};
  std::string detail = {};
};

/// Why an attempt ended early.
struct Ending {
  Outcome outcome = Outcome::failed;
  std::vector<std::string> codes = {};
  std::string text = {};  // printable, whoever said it
};
Ending failed(const Error& error);
/// All codes, and the first finding's words.
Ending refuses(const Verdict& verdict);

/// A value, or the end of the attempt.
template <typename T>
using Attempt = std::expected<T, Ending>;

struct OnboardReport {
  Outcome outcome = Outcome::failed;
  std::string serial = {};
  std::string registrar = {};  // host:port of the last that was tried
  std::vector<Step> steps = {};
  std::vector<std::string> codes = {};
  std::string text = {};
  std::chrono::microseconds took{0};

  bool done() const { return outcome == Outcome::done; }
  const Step* find(std::string_view step) const;  // the last of that name
};

json::Value to_json(const OnboardReport& report);
/// "  voucher         accepted      41 ms  …"
std::string line_of(const Step& step);

/// Text that a peer sent: control characters become '?', cut at 300 bytes.
std::string printable(std::string_view text);

/// Writes down the steps as they end.
class Journal {
 public:
  using Told = std::function<void(const Step&)>;
  explicit Journal(Told told) : told_(std::move(told)) {}

  class Entry {
   public:
    void end(std::string_view outcome, std::string_view detail = {}) const;

   private:
    friend class Journal;
    Entry(Journal& journal, std::string_view name) : journal_(journal), name_(name) {}
    Journal& journal_;
    std::string_view name_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  };
  /// `name` is a constant.
  Entry begin(std::string_view name) { return Entry(*this, name); }
  std::vector<Step> take() { return std::move(steps_); }

 private:
  Told told_;
  std::vector<Step> steps_;
};

}  // namespace pratique::device
