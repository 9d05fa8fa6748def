#include "services/registrar/domain/genuineness.h"

#include <algorithm>

#include "libs/crypto/x509/chain.h"

namespace pratique::registrar {
namespace {

crypto::ChainVerdict verify(const Idevid& idevid, std::span<const crypto::Certificate> anchors, Timestamp now) {
  crypto::ChainOptions options(now);
  options.ignore_leaf_not_after = true;
  options.partial_chain = true;
  return crypto::verify_chain(idevid.leaf, idevid.intermediates, anchors, options);
}

void take_manufacturer(Genuineness& out, const KnownAnchor& known) {
  out.manufacturer = known.anchor.manufacturer;
  out.anchor = known.anchor.id;
  if (known.manufacturer_disabled)
    out.refuse("MANUFACTURER_DISABLED", "the device's manufacturer is disabled",
               {{"manufacturer", out.manufacturer.name()}});
}

}  // namespace

Genuineness judge_genuineness(const Idevid& idevid, std::span<const KnownAnchor> candidates, std::string_view protocol,
                              Timestamp now) {
  Genuineness out;
  const Evidence who = {{"serial_number", idevid.serial_number}, {"subject", idevid.leaf.subject()},
                        {"issuer", idevid.leaf.issuer()}};
  if (idevid.serial_number.empty())
    out.refuse("IDEVID_SERIAL_MISSING", "the device's certificate names no serial number that can be used", who);
  if (candidates.empty()) {
    out.refuse("MANUFACTURER_UNKNOWN", "no trust anchor is known that could vouch for the device's certificate", who);
    return out;
  }

  const AnchorUse use{AnchorPurpose::idevid, protocol, idevid.serial_number, now};
  // Anchors in force of manufacturers that count come first: one of them settles it.
  std::vector<const KnownAnchor*> ordered;
  for (const auto& known : candidates) ordered.push_back(&known);
  const auto counts = [&](const KnownAnchor* known) { return judge_anchor_scope(known->anchor, use).accepted(); };
  const auto out_of_scope = std::stable_partition(ordered.begin(), ordered.end(), counts);
  std::stable_partition(ordered.begin(), out_of_scope,
                        [](const KnownAnchor* known) { return !known->manufacturer_disabled; });
  // One at a time: with several anchors on one path the library would end at any of them, and the limits of another
  // would go unseen. There are few, found by name.
  std::optional<Finding> obstacle;
  for (const KnownAnchor* known : ordered) {
    const auto chain = verify(idevid, std::span(&known->anchor.certificate, 1), now);
    if (!chain.accepted()) {
      if (!obstacle) obstacle = chain.first();
      continue;
    }
    take_manufacturer(out, *known);
    out.absorb(judge_anchor_scope(known->anchor, use));
    return out;
  }
  Evidence evidence = who;
  if (obstacle) {
    evidence.emplace_back("reason", obstacle->code);
    evidence.insert(evidence.end(), obstacle->evidence.begin(), obstacle->evidence.end());
  }
  out.refuse("IDEVID_NOT_GENUINE", "the device's certificate does not lead to a trust anchor of its manufacturer" +
                                       (obstacle ? ": " + obstacle->message : std::string()), std::move(evidence));
  return out;
}

}  // namespace pratique::registrar
