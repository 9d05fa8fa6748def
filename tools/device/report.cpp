#include "tools/device/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "libs/codec/json/utf8.h"

namespace pratique::device {
namespace {

constexpr std::size_t kMaxPrintable = 300;

double milliseconds(std::chrono::microseconds took) { return static_cast<double>(took.count()) / 1000.0; }

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::done: return "done";
    case Outcome::refused_by_network: return "refused_by_network";
    case Outcome::refuses_network: return "refuses_network";
    case Outcome::timed_out: return "timed_out";
    case Outcome::failed: break;
  }
  return "failed";
}

int exit_code(Outcome outcome) {
  switch (outcome) {
    case Outcome::done: return 0;
    case Outcome::refused_by_network: return 3;
    case Outcome::refuses_network: return 4;
    case Outcome::timed_out: return 5;
    case Outcome::failed: break;
  }
  return 1;
}

Ending failed(const Error& error) { return {Outcome::failed, {error.reason}, printable(error.message)}; }

Ending refuses(const Verdict& verdict) {
  Ending out{.outcome = Outcome::refuses_network};
  for (const auto& finding : verdict.findings()) out.codes.push_back(finding.code);
  out.text = printable(verdict.first().message);
  return out;
}

const Step* OnboardReport::find(std::string_view step) const {
  for (const auto& one : steps | std::views::reverse)
    if (one.name == step) return &one;
  return nullptr;
}

json::Value to_json(const OnboardReport& report) {
  auto steps = json::Value::array();
  for (const auto& step : report.steps) {
    auto one = json::Value::object();
    one.set("name", step.name).set("outcome", step.outcome).set("milliseconds", milliseconds(step.took));
    if (!step.detail.empty()) one.set("detail", step.detail);
    steps.push_back(std::move(one));
  }
  auto codes = json::Value::array();
  for (const auto& code : report.codes) codes.push_back(code);
  auto out = json::Value::object();
  out.set("outcome", to_string(report.outcome))
      .set("serial", report.serial)
      .set("registrar", report.registrar)
      .set("codes", std::move(codes))
      .set("text", report.text)
      .set("milliseconds", milliseconds(report.took))
      .set("steps", std::move(steps));
  return out;
}

std::string line_of(const Step& step) {
  const auto line = fmt::format("  {:<15} {:<9} {:>8.0f} ms", step.name, step.outcome, milliseconds(step.took));
  return step.detail.empty() ? line : line + "  " + step.detail;
}

std::string printable(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  std::string out;
  while (!text.empty() && out.size() < kMaxPrintable) {
    const auto length = json::utf8_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0 || first < 0x20 || first == 0x7f) out += '?';
    else out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

void Journal::Entry::end(std::string_view outcome, std::string_view detail) const {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_);
  journal_.steps_.push_back({std::string(name_), std::string(outcome), took, std::string(detail)});
  if (journal_.told_) journal_.told_(journal_.steps_.back());
}

}  // namespace pratique::device
