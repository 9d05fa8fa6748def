// Segments on the wire.
#pragma once

#include "libs/base/result.h"
#include "pratique/network/v1/segment.pb.h"
#include "services/network/domain/segment.h"

namespace pratique::network {

v1::Segment message_of(const Segment& segment);
/// What operators write. INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<Segment> read_segment(const v1::Segment& message);

}  // namespace pratique::network
