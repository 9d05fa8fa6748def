// CRLs as they come, and CRLs whose content is spoilt and properly signed.
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/crl_build.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "libs/crypto/revocation/signed_form.h"
#include "tests/fuzz/steering.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {
namespace {

/// Longer inputs are protocol bytes, shorter ones choices as well.
constexpr std::size_t kMaxChoices = 64;

Bytes good_list() {
  const auto& world = test::brski_world();
  const std::vector<crypto::CrlEntry> entries = {
      {"0a", {world.now, crypto::RevocationReason::superseded}},
      {world.registrar.certificate.serial_hex(), {world.now, crypto::RevocationReason::key_compromise}}};
  const auto der = test::must(crypto::build_crl({.number = 7, .this_update = world.now,
                                                 .next_update = world.now + std::chrono::hours(24)},
                                                entries, world.owner_ca.certificate, world.owner_ca.key));
  return to_bytes(test::must(crypto::Crl::parse_der(der)).signed_part());
}

/// What was read is found, and can be written again unless it is what nobody may write.
void list_is_kept(const crypto::Crl& crl) {
  const auto entries = crl.entries();
  require(entries.size() == crl.size() && entries.size() <= crypto::kMaxCrlEntries, "the limit of entries");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    require(crl.find(entries[i].serial_hex).has_value(), "what is there is found");
    require(i == 0 || entries[i - 1].serial_hex.size() <= entries[i].serial_hex.size(), "entries are sorted");
  }
  const auto& world = test::brski_world();
  const auto written = crypto::build_crl({.this_update = world.now, .next_update = world.now + std::chrono::hours(1)},
                                         entries, world.owner_ca.certificate, world.owner_ca.key);
  if (!written) return;
  const auto again = crypto::Crl::parse_der(*written);
  require(again && again->entries() == entries, "a list keeps its entries");
}

void spoilt_content(ByteView input) {
  static const Bytes good = good_list();
  const auto& world = test::brski_world();
  Steering in(input);
  const auto content = tamper(good, in);
  const auto crl = crypto::Crl::parse_der(test::must(crypto::encode_signed_form(content, world.owner_ca.key)));
  if (!crl) return;
  const auto verdict = crypto::verify_crl(*crl, world.owner_ca.certificate, world.now);
  require(content != good || verdict.accepted(), "the good list is accepted");
  const auto about = crypto::judge_by_crl(world.registrar.certificate, *crl, world.owner_ca.certificate, world.now);
  require(!about.accepted() || !crl->find(world.registrar.certificate.serial_hex()), "who is listed is refused");
  if (!verdict.accepted()) return;
  require(equal(crl->issuer_der(), world.owner_ca.certificate.subject_der()), "of the issuer");
  require(crl->unknown_critical_extensions().empty(), "nothing critical is passed over");
  require(crl->next_update() && *crl->next_update() + crypto::kRevocationLeeway >= world.now, "not stale");
}

}  // namespace

void fuzz_crl(ByteView input) {
  if (input.size() <= kMaxChoices) spoilt_content(input);
  const auto crl = crypto::Crl::parse_der(input);
  if (!crl) return;
  require(crl->der() == to_bytes(input), "the whole input is the list");
  const auto& world = test::brski_world();
  require(!crypto::verify_crl(*crl, world.owner_ca.certificate, world.now).accepted(),
          "no input is signed by keys that live in this process alone");
  list_is_kept(*crl);
}

}  // namespace pratique::fuzz
