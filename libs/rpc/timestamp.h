// Points in time on the wire.
#pragma once

#include <string_view>

#include <google/protobuf/timestamp.pb.h>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"

namespace pratique::rpc {

google::protobuf::Timestamp write_time(Timestamp time);
/// Cut to microseconds. INVALID_ARGUMENT TIMESTAMP_INVALID with evidence "field" outside the years 0001 to 9999, which
/// google.protobuf.Timestamp is defined for, or where the nanoseconds are no part of a second.
Result<Timestamp> read_time(std::string_view field, const google::protobuf::Timestamp& time);

}  // namespace pratique::rpc
