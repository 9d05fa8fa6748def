// A segment: where a device may be. Registrar and policies name it by `name`; switches know it by VLAN id (IEEE 802.1Q).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

/// IEEE 802.1Q-2018 table 9-2: 0 is no VLAN, 4095 reserved.
using VlanId = std::uint16_t;
inline constexpr VlanId kMinVlan = 1, kMaxVlan = 4094;

enum class SegmentPurpose {
  onboarding,  // of ports on which nobody is admitted: the join proxy can be reached, and nothing else
  production,
  quarantine,  // of devices that the registrar holds back
};
std::string_view to_string(SegmentPurpose purpose);
Result<SegmentPurpose> parse_segment_purpose(std::string_view word);

inline constexpr std::size_t kMaxSegmentName = 64;  // a-z, 0-9, '-', '_'; begins with a letter

struct Segment {
  SegmentId id = {};
  std::string name = {};
  std::string display_name = {};
  VlanId vlan = 0;
  SegmentPurpose purpose = SegmentPurpose::production;
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 0;
};
/// INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<void> check_segment(const Segment& segment);

}  // namespace pratique::network
