// Manufacturers and their trust anchors, as administrators keep them.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/manufacturers.h"

namespace pratique::registrar {

class Manufacturers {
 public:
  explicit Manufacturers(Surroundings surroundings)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random) {}

  /// With its first anchors. ALREADY_EXISTS MANUFACTURER_EXISTS, INVALID_ARGUMENT FIELD_INVALID.
  Result<Manufacturer> create(const Change& change, const Manufacturer& wanted);
  /// NOT_FOUND MANUFACTURER_UNKNOWN.
  Result<Manufacturer> get(const Call& call, const ManufacturerId& id);
  /// By display name, behind `after`.
  Result<std::vector<Manufacturer>> list(const Call& call, std::string_view after, int limit);

  /// As Devices::Edit: display_name, wire_profile, masa_url and disabled of the answer count.
  using Edit = std::function<Result<Manufacturer>(const Manufacturer& current)>;
  Result<Manufacturer> update(const Change& change, const ManufacturerId& id, const Edit& edit);

  /// RESOURCE_EXHAUSTED TRUST_ANCHORS_FULL above kMaxAnchorsPerManufacturer.
  Result<TrustAnchor> add_anchor(const Change& change, const ManufacturerId& parent, const TrustAnchor& wanted);
  /// NOT_FOUND TRUST_ANCHOR_UNKNOWN, FAILED_PRECONDITION TRUST_ANCHOR_REMOVED.
  Result<TrustAnchor> remove_anchor(const Change& change, const TrustAnchorId& id, std::string_view reason);

 private:
  Result<TrustAnchor> insert_anchor(pg::Tx& tx, const ManufacturerId& parent, TrustAnchor anchor, Timestamp now);

  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace pratique::registrar
