// Manufacturers and their trust anchors.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/genuineness.h"
#include "services/registrar/domain/manufacturer.h"

namespace pratique::registrar {

/// ALREADY_EXISTS MANUFACTURER_EXISTS: the display name is taken. Anchors are inserted apart.
Result<void> insert_manufacturer(pg::Tx& tx, const Manufacturer& manufacturer);
/// With all its anchors, removed ones too. NOT_FOUND MANUFACTURER_UNKNOWN.
Result<Manufacturer> get_manufacturer(pg::Tx& tx, const ManufacturerId& id);
/// Its display name. NOT_FOUND MANUFACTURER_UNKNOWN.
Result<std::string> get_manufacturer_name(pg::Tx& tx, const ManufacturerId& id);
/// As get_manufacturer; locked.
Result<Manufacturer> lock_manufacturer(pg::Tx& tx, const ManufacturerId& id);
/// Name, profile, URL, disabled, update_time; the version grows by one (in `manufacturer` too). MANUFACTURER_EXISTS.
Result<void> update_manufacturer(pg::Tx& tx, Manufacturer& manufacturer);
/// By display name; those behind `after` (a display name; empty: from the first).
Result<std::vector<Manufacturer>> list_manufacturers(pg::Tx& tx, std::string_view after, int limit);

Result<void> insert_trust_anchor(pg::Tx& tx, const TrustAnchor& anchor);
/// NOT_FOUND TRUST_ANCHOR_UNKNOWN.
Result<TrustAnchor> get_trust_anchor(pg::Tx& tx, const TrustAnchorId& id);
Result<void> remove_trust_anchor(pg::Tx& tx, const TrustAnchorId& id, Timestamp now);
/// Every anchor that may end the chain, whatever its limits: one look-up by index, however many anchors there are.
Result<std::vector<KnownAnchor>> find_anchors(pg::Tx& tx, const Idevid& idevid);

}  // namespace pratique::registrar
