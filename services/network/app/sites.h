// Sites and segments, as operators keep them. Each change is one transaction with its event, and done once for its
// request_id. `Edit` is given what is there (locked) and says what it is to be, or why not (a stale etag).
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/sites.h"

namespace pratique::network {

class Sites {
 public:
  explicit Sites(Surroundings surroundings)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random) {}

  /// ALREADY_EXISTS SITE_EXISTS, INVALID_ARGUMENT FIELD_INVALID.
  Result<Site> create(const Change& change, const Site& wanted);
  /// NOT_FOUND SITE_UNKNOWN.
  Result<Site> get(const Call& call, const SiteId& id);
  /// By name, behind `after`.
  Result<std::vector<Site>> list(const Call& call, std::string_view after, int limit);
  using Edit = std::function<Result<Site>(const Site& current)>;
  /// name and display_name of the answer count.
  Result<Site> update(const Change& change, const SiteId& id, const Edit& edit);
  using Consent = std::function<Result<void>(const Site& current)>;
  /// FAILED_PRECONDITION SITE_IN_USE.
  Result<void> remove(const Change& change, const SiteId& id, const Consent& consent);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
};

class Segments {
 public:
  explicit Segments(Surroundings surroundings)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random) {}

  /// One for production: the other two are there. ALREADY_EXISTS SEGMENT_EXISTS, INVALID_ARGUMENT FIELD_INVALID.
  Result<Segment> create(const Change& change, const Segment& wanted);
  /// NOT_FOUND SEGMENT_UNKNOWN.
  Result<Segment> get(const Call& call, const SegmentId& id);
  Result<std::vector<Segment>> list(const Call& call, std::string_view after, int limit);
  using Edit = std::function<Result<Segment>(const Segment& current)>;
  /// name, display_name and vlan of the answer count; ports that this concerns follow.
  Result<Segment> update(const Change& change, const SegmentId& id, const Edit& edit);
  using Consent = std::function<Result<void>(const Segment& current)>;
  /// FAILED_PRECONDITION SEGMENT_IN_USE, SEGMENT_SPECIAL. Its devices are let through no port any more.
  Result<void> remove(const Change& change, const SegmentId& id, const Consent& consent);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace pratique::network
