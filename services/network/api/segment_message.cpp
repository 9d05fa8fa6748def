#include "services/network/api/segment_message.h"

#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

v1::SegmentPurpose purpose_message(SegmentPurpose purpose) {
  switch (purpose) {
    case SegmentPurpose::onboarding: return v1::SEGMENT_PURPOSE_ONBOARDING;
    case SegmentPurpose::production: return v1::SEGMENT_PURPOSE_PRODUCTION;
    case SegmentPurpose::quarantine: return v1::SEGMENT_PURPOSE_QUARANTINE;
  }
  return v1::SEGMENT_PURPOSE_UNSPECIFIED;
}

Result<SegmentPurpose> read_purpose(v1::SegmentPurpose purpose) {
  if (purpose == v1::SEGMENT_PURPOSE_UNSPECIFIED) return SegmentPurpose::production;
  for (const auto known : {SegmentPurpose::onboarding, SegmentPurpose::production, SegmentPurpose::quarantine})
    if (purpose_message(known) == purpose) return known;
  return field_invalid("segment.purpose", "is unknown");
}

}  // namespace

v1::Segment message_of(const Segment& segment) {
  v1::Segment out;
  out.set_name(segment.id.name());
  out.set_short_name(segment.name);
  out.set_display_name(segment.display_name);
  out.set_vlan(segment.vlan);
  out.set_purpose(purpose_message(segment.purpose));
  *out.mutable_create_time() = rpc::write_time(segment.create_time);
  *out.mutable_update_time() = rpc::write_time(segment.update_time);
  out.set_etag(rpc::make_etag(segment.id.name(), segment.version));
  return out;
}

Result<Segment> read_segment(const v1::Segment& message) {
  Segment out{.name = message.short_name(), .display_name = message.display_name()};
  TRY(out.purpose, read_purpose(message.purpose()));
  if (message.vlan() < kMinVlan || message.vlan() > kMaxVlan)
    return field_invalid("segment.vlan", "must be from 1 to 4094");
  out.vlan = static_cast<VlanId>(message.vlan());
  return out;
}

}  // namespace pratique::network
