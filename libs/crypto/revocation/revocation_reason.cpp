#include "libs/crypto/revocation/revocation_reason.h"

#include <array>
#include <utility>

namespace pratique::crypto {
namespace {

constexpr std::array<std::pair<RevocationReason, std::string_view>, 10> kReasons = {
    {{RevocationReason::unspecified, "unspecified"},
     {RevocationReason::key_compromise, "keyCompromise"},
     {RevocationReason::ca_compromise, "cACompromise"},
     {RevocationReason::affiliation_changed, "affiliationChanged"},
     {RevocationReason::superseded, "superseded"},
     {RevocationReason::cessation_of_operation, "cessationOfOperation"},
     {RevocationReason::certificate_hold, "certificateHold"},
     {RevocationReason::remove_from_crl, "removeFromCRL"},
     {RevocationReason::privilege_withdrawn, "privilegeWithdrawn"},
     {RevocationReason::aa_compromise, "aACompromise"}}};

}  // namespace

std::string_view to_string(RevocationReason reason) {
  for (const auto& [known, text] : kReasons)
    if (known == reason) return text;
  return "unspecified";
}

std::optional<RevocationReason> revocation_reason(std::int64_t number) {
  for (const auto& [known, text] : kReasons)
    if (static_cast<std::int64_t>(known) == number) return known;
  return std::nullopt;
}

std::optional<RevocationReason> parse_revocation_reason(std::string_view text) {
  for (const auto& [known, word] : kReasons)
    if (word == text) return known;
  return std::nullopt;
}

}  // namespace pratique::crypto
