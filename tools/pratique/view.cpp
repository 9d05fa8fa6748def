#include "tools/pratique/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "tools/pratique/link/pages.h"

namespace pratique::cli {
namespace {

constexpr std::array<std::string_view, 10> kGood = {"admitted", "granted", "active", "completed", "serving",
                                                   "allow",    "yes",     "intact", "enrolled", "accepted"};
constexpr std::array<std::string_view, 11> kBad = {"quarantined", "retired",     "denied",  "refused",
                                                   "revoked",     "expired",     "deny",    "broken",
                                                   "unreachable", "not serving", "disabled"};
constexpr std::array<std::string_view, 4> kWaiting = {"pending", "ask", "superseded", "onboarding"};

bool unset(const google::protobuf::Timestamp& time) { return time.seconds() == 0 && time.nanos() == 0; }

}  // namespace

Cell state_cell(std::string word) {
  const auto is_one_of = [&](const auto& words) { return std::ranges::find(words, word) != words.end(); };
  Tone tone = Tone::plain;
  if (is_one_of(kGood)) tone = Tone::good;
  else if (is_one_of(kBad)) tone = Tone::bad;
  else if (is_one_of(kWaiting) || word.starts_with("awaiting")) tone = Tone::waiting;
  return {std::move(word), tone};
}

std::string when(const Context& context, const google::protobuf::Timestamp& time) {
  return unset(time) ? "" : time_text(time_of(time), context.clock.now());
}

std::string since(const Context& context, const google::protobuf::Timestamp& time) {
  return unset(time) ? "" : distance_text(time_of(time), context.clock.now());
}

std::string pairs_text(const google::protobuf::Map<std::string, std::string>& pairs) {
  std::string out;
  for (const auto& [key, value] : std::map<std::string, std::string>(pairs.begin(), pairs.end()))
    out += (out.empty() ? "" : ", ") + key + "=" + value;
  return out;
}

std::string short_name(const std::string& name) { return name.substr(name.rfind('/') + 1); }

void print_finding(Context& context, const pratique::common::v1::Finding& finding, std::size_t indent) {
  auto& console = context.console;
  console.block(fmt::format("{}{}  {}\n", std::string(indent, ' '),
                            console.painted(printable(finding.code()), Tone::bad), printable(finding.message())));
  Details details(indent + 2);
  details.add("cause", finding.cause()).add("remedy", Cell(finding.remedy(), Tone::strong));
  details.add("evidence", pairs_text(finding.evidence())).add("told the device", finding.safe_message());
  details.print(console);
}

void tell_cut(Context& context, const google::protobuf::Message& list, const std::string& next_page_token) {
  if (!next_page_token.empty())
    context.console.line(fmt::format("({} shown; there are more: --limit 0 shows all)", count_elements(list)));
}

}  // namespace pratique::cli
