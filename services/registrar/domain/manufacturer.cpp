#include "services/registrar/domain/manufacturer.h"

#include <algorithm>

#include "libs/base/hex.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/domain/protocols.h"
#include "services/registrar/domain/shell_pattern.h"

namespace pratique::registrar {

std::string_view to_string(WireProfile profile) { return profile == WireProfile::lenient ? "lenient" : "strict"; }

std::string_view to_string(AnchorPurpose purpose) {
  switch (purpose) {
    case AnchorPurpose::idevid: return "idevid";
    case AnchorPurpose::voucher: return "voucher";
    case AnchorPurpose::masa_tls: return "masa_tls";
  }
  return "?";
}

std::optional<WireProfile> parse_wire_profile(std::string_view text) {
  for (const auto profile : {WireProfile::strict, WireProfile::lenient})
    if (to_string(profile) == text) return profile;
  return std::nullopt;
}

std::optional<AnchorPurpose> parse_anchor_purpose(std::string_view text) {
  for (const auto purpose : {AnchorPurpose::idevid, AnchorPurpose::voucher, AnchorPurpose::masa_tls})
    if (to_string(purpose) == text) return purpose;
  return std::nullopt;
}

Result<void> check_manufacturer(const Manufacturer& manufacturer) {
  TRY_VOID(check_text("manufacturer.display_name", manufacturer.display_name, kMaxDisplayName, Presence::required));
  return check_https_url("manufacturer.masa_url", manufacturer.masa_url);
}

Result<void> check_trust_anchor(const TrustAnchor& anchor) {
  if (anchor.purposes.empty()) return field_invalid("trust_anchor.purposes", "must name one purpose at least");
  for (const auto purpose : anchor.purposes)
    if (std::ranges::count(anchor.purposes, purpose) > 1)
      return field_invalid("trust_anchor.purposes", "names " + std::string(to_string(purpose)) + " twice");
  TRY_VOID(check_protocols("trust_anchor.protocols", anchor.protocols));
  TRY_VOID(check_pattern("trust_anchor.serial_pattern", anchor.serial_pattern));
  if (anchor.start_time && anchor.end_time && *anchor.end_time <= *anchor.start_time)
    return field_invalid("trust_anchor.end_time", "must be after start_time");
  return {};
}

Verdict judge_anchor_scope(const TrustAnchor& anchor, const AnchorUse& use) {
  Verdict verdict;
  const auto refuse = [&](std::string_view code, std::string_view message, Evidence evidence) {
    evidence.insert(evidence.begin(), {"trust_anchor", anchor.id.name()});
    verdict.refuse(code, message, std::move(evidence));
  };
  if (anchor.remove_time)
    refuse("ANCHOR_REMOVED", "the trust anchor was removed", {{"remove_time", format_rfc3339(*anchor.remove_time)}});
  if (std::ranges::find(anchor.purposes, use.purpose) == anchor.purposes.end())
    refuse("ANCHOR_PURPOSE_OTHER", "the trust anchor is not for this purpose",
           {{"purpose", std::string(to_string(use.purpose))}});
  if (!protocol_fits(anchor.protocols, use.protocol))
    refuse("ANCHOR_PROTOCOL_OTHER", "the trust anchor is not for this protocol",
           {{"protocol", std::string(use.protocol)}, {"protocols", list_text(anchor.protocols)}});
  if (!pattern_matches(anchor.serial_pattern, use.serial_number))
    refuse("ANCHOR_SERIAL_OTHER", "the trust anchor is not for this serial number",
           {{"serial_number", std::string(use.serial_number)}, {"serial_pattern", anchor.serial_pattern}});
  if (anchor.start_time && use.at < *anchor.start_time)
    refuse("ANCHOR_NOT_YET_IN_FORCE", "the trust anchor does not count yet",
           {{"start_time", format_rfc3339(*anchor.start_time)}});
  if (anchor.end_time && use.at >= *anchor.end_time)
    refuse("ANCHOR_NO_LONGER_IN_FORCE", "the trust anchor does not count any more",
           {{"end_time", format_rfc3339(*anchor.end_time)}});
  return verdict;
}

std::vector<crypto::Certificate> anchors_in_force(std::span<const TrustAnchor> anchors, const AnchorUse& use) {
  std::vector<crypto::Certificate> out;
  for (const auto& anchor : anchors)
    if (judge_anchor_scope(anchor, use).accepted()) out.push_back(anchor.certificate);
  return out;
}

}  // namespace pratique::registrar
