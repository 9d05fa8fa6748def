#include "libs/obs/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pratique::obs {
namespace {

bool made_of(std::string_view text, std::string_view extra, bool upper) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (upper ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || extra.contains(c);
  });
}
bool is_snake(std::string_view text) { return made_of(text, "_", false); }

Error broken(std::string_view id, std::string_view why) {
  return internal("CATALOGUE_BROKEN", fmt::format("'{}' {}", id, why));
}

template <typename Spec>
Result<void> check_metric(const Spec& spec, std::set<std::string_view>& seen) {
  if (!is_snake(spec.name) || !spec.name.starts_with("pratique_"))
    return broken(spec.name, "is no metric name: pratique_<room>_<what>");
  if (spec.help.empty()) return broken(spec.name, "says nothing of what it counts");
  if (!seen.insert(spec.name).second) return broken(spec.name, "is declared twice");
  for (std::size_t i = 0; i < spec.labels.size(); ++i)
    if (!is_snake(spec.labels.names[i])) return broken(spec.name, "has a label that is not snake_case");
  return {};
}

// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

template <typename Spec>
void metric_rows(std::string& out, const std::vector<const Spec*>& specs, std::string_view kind) {
  for (const auto* spec : specs) {
    std::string labels;
    for (std::size_t i = 0; i < spec->labels.size(); ++i)
      labels += fmt::format("{}`{}`", i == 0 ? "" : ", ", spec->labels.names[i]);
    out += fmt::format("| `{}` | {} | {} | {} |\n", spec->name, kind, labels, cell(spec->help));
  }
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

Catalogue& Catalogue::events(std::initializer_list<const Event*> more) {
  events_.insert(events_.end(), more);
  return *this;
}
Catalogue& Catalogue::counters(std::initializer_list<const CounterSpec*> more) {
  counters_.insert(counters_.end(), more);
  return *this;
}
Catalogue& Catalogue::gauges(std::initializer_list<const GaugeSpec*> more) {
  gauges_.insert(gauges_.end(), more);
  return *this;
}
Catalogue& Catalogue::histograms(std::initializer_list<const HistogramSpec*> more) {
  histograms_.insert(histograms_.end(), more);
  return *this;
}
Catalogue& Catalogue::reasons(std::initializer_list<const Reason*> more) {
  reasons_.insert(reasons_.end(), more);
  return *this;
}

Result<void> Catalogue::check() const {
  std::set<std::string_view> seen;
  for (const auto* event : events_) {
    if (!is_snake(event->id)) return broken(event->id, "is no event id: snake_case");
    if (event->meaning.empty()) return broken(event->id, "says nothing of what happened");
    if (event->level >= Level::warning && event->remedy.empty())
      return broken(event->id, "is a warning or an error without a remedy");
    if (!seen.insert(event->id).second) return broken(event->id, "is declared twice");
  }
  for (const auto* spec : counters_) {
    TRY_VOID(check_metric(*spec, seen));
    if (!spec->name.ends_with("_total")) return broken(spec->name, "is a counter, so its name ends in _total");
  }
  for (const auto* spec : gauges_) TRY_VOID(check_metric(*spec, seen));
  for (const auto* spec : histograms_) {
    TRY_VOID(check_metric(*spec, seen));
    if (!spec->name.ends_with("_seconds") && !spec->name.ends_with("_bytes"))
      return broken(spec->name, "is a histogram, so its name ends in its unit, _seconds or _bytes");
    if (spec->buckets.empty() || !std::ranges::is_sorted(spec->buckets))
      return broken(spec->name, "needs rising bucket bounds");
  }
  for (const auto* reason : reasons_) {
    if (!made_of(reason->id, "_", true)) return broken(reason->id, "is no reason: UPPER_SNAKE_CASE");
    if (reason->meaning.empty()) return broken(reason->id, "says nothing of what is wrong");
    if (!seen.insert(reason->id).second) return broken(reason->id, "is declared twice");
  }
  return {};
}

std::string Catalogue::markdown() const {
  std::string out = fmt::format("# What `{}` tells its operators\n", service_);
  if (!counters_.empty() || !gauges_.empty() || !histograms_.empty()) {
    out += "\n## Metrics\n\n| metric | kind | labels | meaning |\n|---|---|---|---|\n";
    metric_rows(out, counters_, "counter");
    metric_rows(out, gauges_, "gauge");
    metric_rows(out, histograms_, "histogram");
  }
  if (!events_.empty()) {
    out += "\n## Log events\n\n| event | level | meaning | what to do |\n|---|---|---|---|\n";
    for (const auto* event : events_)
      out += fmt::format("| `{}` | {} | {} | {} |\n", event->id, to_string(event->level), cell(event->meaning),
                         cell(event->remedy));
  }
  if (!reasons_.empty()) {
    out += "\n## Error reasons\n\n| reason | code | meaning | what to do |\n|---|---|---|---|\n";
    for (const auto* reason : reasons_)
      out += fmt::format("| `{}` | {} | {} | {} |\n", reason->id, pratique::to_string(reason->code),
                         cell(reason->meaning), cell(reason->remedy));
  }
  return out;
}

bool Catalogue::declares(const Event& event) const { return std::ranges::find(events_, &event) != events_.end(); }

}  // namespace pratique::obs
