#include "services/network/domain/session.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pratique::network {
namespace {

constexpr std::array<std::pair<SessionState, std::string_view>, 3> kStates{{
    {SessionState::accepted, "accepted"},
    {SessionState::live, "live"},
    {SessionState::ended, "ended"},
}};
constexpr std::array<std::pair<RadiusReportKind, std::string_view>, 4> kKinds{{
    {RadiusReportKind::accept, "accept"},
    {RadiusReportKind::start, "start"},
    {RadiusReportKind::interim, "interim"},
    {RadiusReportKind::stop, "stop"},
}};

template <typename T, std::size_t N>
std::string_view word_of(const std::array<std::pair<T, std::string_view>, N>& words, T value) {
  return std::ranges::find(words, value, [](const auto& pair) { return pair.first; })->second;
}

template <typename T, std::size_t N>
Result<T> value_of(const std::array<std::pair<T, std::string_view>, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word, [](const auto& pair) { return pair.second; });
  if (found == words.end()) return invalid("SESSION_WORD_UNKNOWN", "unknown word '" + std::string(word) + "'");
  return found->first;
}

}  // namespace

std::string_view to_string(SessionState state) { return word_of(kStates, state); }
Result<SessionState> parse_session_state(std::string_view word) { return value_of(kStates, word); }
std::string_view to_string(RadiusReportKind kind) { return word_of(kKinds, kind); }
Result<RadiusReportKind> parse_radius_report_kind(std::string_view word) { return value_of(kKinds, word); }

}  // namespace pratique::network
