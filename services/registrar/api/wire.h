// Values that every API of this service writes and reads alike.
#pragma once

#include "libs/base/verdict.h"
#include "pratique/common/v1/finding.pb.h"
#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

/// With what the catalogue says of it.
void write(const ExplainedFinding& finding, pratique::common::v1::Finding* out);
/// Code, message and evidence; the rest is the catalogue's.
Finding read_finding(const pratique::common::v1::Finding& finding);

}  // namespace pratique::registrar
