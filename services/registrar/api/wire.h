// Values that every API of this service writes and reads alike.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <optional>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "pratique/common/v1/finding.pb.h"
#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

void write(Timestamp time, google::protobuf::Timestamp* out);
/// INVALID_ARGUMENT FIELD_INVALID outside the years 0001..9999.
Result<Timestamp> read_time(std::string_view field, const google::protobuf::Timestamp& time);

/// With what the catalogue says of it.
void write(const ExplainedFinding& finding, pratique::common::v1::Finding* out);
/// Code, message and evidence; the rest is the catalogue's.
Finding read_finding(const pratique::common::v1::Finding& finding);

}  // namespace pratique::registrar
