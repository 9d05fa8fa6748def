// A manufacturer, and the anchors by which its devices, its vouchers and its MASA are recognised.
//
// An anchor counts only within its limits: what it is for, by which protocol, for which serial numbers, and when.
// Outside them it is as if it were not there, except that the reason can be told.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

inline constexpr std::size_t kMaxAnchorsPerManufacturer = 64;  // that count; removed ones are not limited

/// How closely the manufacturer's wire must follow the standard.
enum class WireProfile { strict, lenient };
enum class AnchorPurpose { idevid, voucher, masa_tls };

std::string_view to_string(WireProfile profile);
std::string_view to_string(AnchorPurpose purpose);  // "idevid", "voucher", "masa_tls": as stored
std::optional<WireProfile> parse_wire_profile(std::string_view text);
std::optional<AnchorPurpose> parse_anchor_purpose(std::string_view text);

struct TrustAnchor {
  TrustAnchorId id = {};
  ManufacturerId manufacturer = {};
  crypto::Certificate certificate;  // a root, a sub-CA or an end entity: whatever is given is the anchor
  std::vector<AnchorPurpose> purposes = {};
  std::vector<std::string> protocols = {};  // empty: all
  std::string serial_pattern = {};          // shell_pattern.h; empty: all
  std::optional<Timestamp> start_time = {};
  std::optional<Timestamp> end_time = {};   // exclusive
  Timestamp create_time = {};
  std::optional<Timestamp> remove_time = {};
};

struct Manufacturer {
  ManufacturerId id = {};
  std::string display_name = {};  // unique
  WireProfile wire_profile = WireProfile::strict;
  std::string masa_url = {};      // empty: as the IDevID says
  bool disabled = false;
  std::vector<TrustAnchor> trust_anchors = {};
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 1;
};

/// Names and URL; FIELD_INVALID names the field.
Result<void> check_manufacturer(const Manufacturer& manufacturer);
/// Purposes, limits and their order; FIELD_INVALID names the field.
Result<void> check_trust_anchor(const TrustAnchor& anchor);

/// What an anchor is asked to vouch for.
struct AnchorUse {
  AnchorPurpose purpose = AnchorPurpose::idevid;
  std::string_view protocol;
  std::string_view serial_number;
  Timestamp at = {};
};
/// Codes: ANCHOR_REMOVED, ANCHOR_PURPOSE_OTHER, ANCHOR_PROTOCOL_OTHER, ANCHOR_SERIAL_OTHER, ANCHOR_NOT_YET_IN_FORCE,
/// ANCHOR_NO_LONGER_IN_FORCE.
Verdict judge_anchor_scope(const TrustAnchor& anchor, const AnchorUse& use);
/// Those that count for this use.
std::vector<crypto::Certificate> anchors_in_force(std::span<const TrustAnchor> anchors, const AnchorUse& use);

}  // namespace pratique::registrar
