// WLANs, as operators keep them. Each change is one transaction with its event, and done once for its request_id.
// `Edit` is given what is there (locked) and says what it is to be, or why not (a stale etag).
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/wlans.h"

namespace pratique::network {

class Wlans {
 public:
  explicit Wlans(Surroundings surroundings)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random) {}

  /// ALREADY_EXISTS WLAN_EXISTS, NOT_FOUND SITE_UNKNOWN, SEGMENT_UNKNOWN, INVALID_ARGUMENT FIELD_INVALID,
  /// FAILED_PRECONDITION WLAN_SEGMENT_UNFIT (domain/wlan.h, may_lead_into).
  Result<Wlan> create(const Change& change, const Wlan& wanted);
  /// NOT_FOUND WLAN_UNKNOWN.
  Result<Wlan> get(const Call& call, const WlanId& id);
  /// By name, behind `after`.
  Result<std::vector<Wlan>> list(const Call& call, const WlanFilter& filter, std::string_view after, int limit);
  using Edit = std::function<Result<Wlan>(const Wlan& current)>;
  /// Everything that operators write counts.
  Result<Wlan> update(const Change& change, const WlanId& id, const Edit& edit);
  using Consent = std::function<Result<void>(const Wlan& current)>;
  Result<void> remove(const Change& change, const WlanId& id, const Consent& consent);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace pratique::network
