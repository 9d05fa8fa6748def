// The catalogue: every metric, log event and error reason of a service, declared once as constants.
//
//   // services/registrar/app/catalogue.h
//   inline constexpr obs::Event kDeviceApproved{"device_approved", obs::Level::info, "an operator approved it"};
//   inline constexpr obs::CounterSpec kDecisions{"pratique_registrar_decisions_total", "decisions taken", {"outcome"}};
//   inline constexpr obs::Reason kDeviceUnknown{"DEVICE_UNKNOWN", ErrorCode::not_found, "no such device", "list them …"};
//   // services/registrar/app/catalogue.cpp
//   obs::Catalogue catalogue() {
//     return obs::Catalogue("registrar").events({&kDeviceApproved}).counters({&kDecisions}).reasons({&kDeviceUnknown});
//   }
//
// `--print-catalogue` writes it as Markdown; Log and Metrics are built from it, so that an undeclared event
// or metric shows at once. Side rooms offer describe(Catalogue&) and main merges them.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/error.h"
#include "libs/base/result.h"

namespace pratique::obs {

enum class Level { debug, info, warning, error };
std::string_view to_string(Level level);

/// A line that may stand in the log. `id` is snake_case and never changes once published.
struct Event {
  std::string_view id;
  Level level;
  std::string_view meaning;
  std::string_view remedy = "";  // what the operator does about it; required from warning up
};

/// Names of labels; their values must come from a small fixed set (never a device, an address, a text).
inline constexpr std::size_t kMaxLabels = 4;
struct Labels {
  std::array<std::string_view, kMaxLabels> names = {};
  constexpr Labels() = default;
  template <typename... Names>
  constexpr Labels(Names... given) : names{std::string_view(given)...} {}  // NOLINT: reads {"method", "code"}
  constexpr std::size_t size() const {
    std::size_t count = 0;
    while (count < kMaxLabels && !names[count].empty()) ++count;
    return count;
  }
};

/// Upper bounds in seconds that suit calls: 1 ms to 30 s.
inline constexpr std::array<double, 12> kCallBuckets = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                        0.25,  0.5,   1.0,  2.5,   10.0, 30.0};

struct CounterSpec {  // name: pratique_<room>_<what>_total
  std::string_view name, help;
  Labels labels = {};
};
struct GaugeSpec {
  std::string_view name, help;
  Labels labels = {};
};
struct HistogramSpec {  // name ends in its unit: _seconds, _bytes
  std::string_view name, help;
  Labels labels = {};
  std::span<const double> buckets = kCallBuckets;
};

/// An error reason (Error::reason, ErrorInfo.reason on the wire).
struct Reason {
  std::string_view id;  // UPPER_SNAKE_CASE
  ErrorCode code;
  std::string_view meaning;
  std::string_view remedy = "";
  /// The error of this reason.
  Error error(std::string_view message) const { return Error{code, std::string(id), std::string(message)}; }
};

class Catalogue {
 public:
  explicit Catalogue(std::string_view service) : service_(service) {}

  // Each adds pointers to constants with static storage.
  Catalogue& events(std::initializer_list<const Event*> more);
  Catalogue& counters(std::initializer_list<const CounterSpec*> more);
  Catalogue& gauges(std::initializer_list<const GaugeSpec*> more);
  Catalogue& histograms(std::initializer_list<const HistogramSpec*> more);
  Catalogue& reasons(std::initializer_list<const Reason*> more);

  /// Names in their form and unique, help everywhere, a remedy for warnings and errors;
  /// INTERNAL CATALOGUE_BROKEN names the first breach.
  Result<void> check() const;
  /// The operators' reference.
  std::string markdown() const;

  const std::string& service() const { return service_; }
  bool declares(const Event& event) const;
  const std::vector<const CounterSpec*>& counters() const { return counters_; }
  const std::vector<const GaugeSpec*>& gauges() const { return gauges_; }
  const std::vector<const HistogramSpec*>& histograms() const { return histograms_; }

 private:
  std::string service_;
  std::vector<const Event*> events_;
  std::vector<const CounterSpec*> counters_;
  std::vector<const GaugeSpec*> gauges_;
  std::vector<const HistogramSpec*> histograms_;
  std::vector<const Reason*> reasons_;
};

}  // namespace pratique::obs
