#include "services/network/domain/segment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

constexpr std::array<std::pair<SegmentPurpose, std::string_view>, 3> kPurposes{{
    {SegmentPurpose::onboarding, "onboarding"},
    {SegmentPurpose::production, "production"},
    {SegmentPurpose::quarantine, "quarantine"},
}};

}  // namespace

std::string_view to_string(SegmentPurpose purpose) {
  return std::ranges::find(kPurposes, purpose, [](const auto& pair) { return pair.first; })->second;
}

Result<SegmentPurpose> parse_segment_purpose(std::string_view word) {
  const auto found = std::ranges::find(kPurposes, word, [](const auto& pair) { return pair.second; });
  if (found == kPurposes.end()) return field_invalid("purpose", "must be onboarding, production or quarantine");
  return found->first;
}

Result<void> check_segment(const Segment& segment) {
  TRY_VOID(check_name("segment.short_name", segment.name, kMaxSegmentName));
  TRY_VOID(check_display("segment.display_name", segment.display_name));
  if (segment.vlan < kMinVlan || segment.vlan > kMaxVlan)
    return field_invalid("segment.vlan", "must be from 1 to 4094");
  return {};
}

}  // namespace pratique::network
