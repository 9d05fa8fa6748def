#include "services/registrar/app/manufacturers.h"

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/domain/protocols.h"
#include "services/registrar/storage/audit.h"

namespace pratique::registrar {
namespace {

Facts facts_of(const Manufacturer& m) {
  return {{"display_name", m.display_name},
          {"wire_profile", std::string(to_string(m.wire_profile))},
          {"masa_url", m.masa_url},
          {"disabled", m.disabled ? "true" : "false"}};
}

Facts facts_of(const TrustAnchor& a) {
  std::vector<std::string> purposes;
  for (const auto purpose : a.purposes) purposes.emplace_back(to_string(purpose));
  Facts facts{{"trust_anchor", a.id.name()},
              {"subject", a.certificate.subject()},
              {"fingerprint", hex_encode(a.certificate.fingerprint_sha256())},
              {"purposes", list_text(purposes)},
              {"protocols", list_text(a.protocols)},
              {"serial_pattern", a.serial_pattern},
              {"start_time", a.start_time ? format_rfc3339(*a.start_time) : ""},
              {"end_time", a.end_time ? format_rfc3339(*a.end_time) : ""}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

Result<Manufacturer> by_name(pg::Tx& tx, std::string_view name) {
  TRY(const auto id, ManufacturerId::parse_name(name));
  return get_manufacturer(tx, id);
}

Result<TrustAnchor> anchor_by_name(pg::Tx& tx, std::string_view name) {
  TRY(const auto id, TrustAnchorId::parse_name(name));
  return get_trust_anchor(tx, id);
}

Error full() {
  return {ErrorCode::resource_exhausted, "TRUST_ANCHORS_FULL",
          "a manufacturer may have " + std::to_string(kMaxAnchorsPerManufacturer) + " trust anchors that count"};
}

}  // namespace

Result<TrustAnchor> Manufacturers::insert_anchor(pg::Tx& tx, const ManufacturerId& parent, TrustAnchor anchor,
                                                 Timestamp now) {
  anchor.id = TrustAnchorId::make(clock_, random_);
  anchor.manufacturer = parent;
  anchor.create_time = now;
  anchor.remove_time = {};
  TRY_VOID(insert_trust_anchor(tx, anchor));
  return anchor;
}

Result<Manufacturer> Manufacturers::create(const Change& change, const Manufacturer& wanted) {
  TRY_VOID(check_manufacturer(wanted));
  for (const auto& anchor : wanted.trust_anchors) TRY_VOID(check_trust_anchor(anchor));
  if (wanted.trust_anchors.size() > kMaxAnchorsPerManufacturer) return full();
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Manufacturer> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      const Timestamp now = clock_.now();
      Manufacturer m{.id = ManufacturerId::make(clock_, random_), .display_name = wanted.display_name,
                     .wire_profile = wanted.wire_profile, .masa_url = wanted.masa_url, .disabled = wanted.disabled};
      m.create_time = m.update_time = now;
      TRY_VOID(insert_manufacturer(tx, m));
      for (const auto& anchor : wanted.trust_anchors) {
        TRY(auto inserted, insert_anchor(tx, m.id, anchor, now));
        m.trust_anchors.push_back(std::move(inserted));
      }
      const auto subject = m.id.name();
      TRY_VOID(append_audit(tx, {change.actor, "manufacturer.create", subject, "", facts_of(m)}, now));
      for (const auto& anchor : m.trust_anchors)
        TRY_VOID(append_audit(tx, {change.actor, "trust_anchor.add", subject, "", facts_of(anchor)}, now));
      TRY_VOID(append_event(tx, "manufacturer.created", subject, facts_of(m)));
      return subject;
    }));
    return by_name(tx, name);
  });
}

Result<Manufacturer> Manufacturers::get(const Call& call, const ManufacturerId& id) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return get_manufacturer(tx, id); });
}

Result<std::vector<Manufacturer>> Manufacturers::list(const Call& call, std::string_view after, int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return list_manufacturers(tx, after, limit); });
}

Result<Manufacturer> Manufacturers::update(const Change& change, const ManufacturerId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Manufacturer> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY(auto m, lock_manufacturer(tx, id));
      TRY(const auto wanted, edit(m));
      m.display_name = wanted.display_name;
      m.wire_profile = wanted.wire_profile;
      m.masa_url = wanted.masa_url;
      m.disabled = wanted.disabled;
      m.update_time = clock_.now();
      TRY_VOID(check_manufacturer(m));
      TRY_VOID(update_manufacturer(tx, m));
      TRY_VOID(append_audit(tx, {change.actor, "manufacturer.update", id.name(), "", facts_of(m)}, m.update_time));
      TRY_VOID(append_event(tx, "manufacturer.updated", id.name(), facts_of(m)));
      return id.name();
    }));
    return by_name(tx, name);
  });
}

Result<TrustAnchor> Manufacturers::add_anchor(const Change& change, const ManufacturerId& parent,
                                              const TrustAnchor& wanted) {
  TRY_VOID(check_trust_anchor(wanted));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<TrustAnchor> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto m, lock_manufacturer(tx, parent));
      const auto counting = std::ranges::count_if(m.trust_anchors, [](const auto& a) { return !a.remove_time; });
      if (counting >= static_cast<std::ptrdiff_t>(kMaxAnchorsPerManufacturer)) return full();
      const Timestamp now = clock_.now();
      TRY(const auto anchor, insert_anchor(tx, parent, wanted, now));
      TRY_VOID(append_audit(tx, {change.actor, "trust_anchor.add", parent.name(), "", facts_of(anchor)}, now));
      TRY_VOID(append_event(tx, "manufacturer.updated", parent.name(), facts_of(m)));
      return anchor.id.name();
    }));
    return anchor_by_name(tx, name);
  });
}

Result<TrustAnchor> Manufacturers::remove_anchor(const Change& change, const TrustAnchorId& id,
                                                 std::string_view reason) {
  TRY_VOID(check_text("reason", reason, kMaxReason, Presence::required));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<TrustAnchor> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto parent, get_trust_anchor(tx, id));
      TRY(const auto m, lock_manufacturer(tx, parent.manufacturer));
      TRY(const auto anchor, get_trust_anchor(tx, id));
      if (anchor.remove_time)
        return failed_precondition("TRUST_ANCHOR_REMOVED", "the trust anchor was removed at " +
                                                               format_rfc3339(*anchor.remove_time));
      const Timestamp now = clock_.now();
      TRY_VOID(remove_trust_anchor(tx, id, now));
      TRY_VOID(append_audit(
          tx, {change.actor, "trust_anchor.remove", m.id.name(), std::string(reason), facts_of(anchor)}, now));
      TRY_VOID(append_event(tx, "manufacturer.updated", m.id.name(), facts_of(m)));
      return id.name();
    }));
    return anchor_by_name(tx, name);
  });
}

}  // namespace pratique::registrar
