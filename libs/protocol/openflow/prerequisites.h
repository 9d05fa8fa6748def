// What a field needs beside it (OpenFlow 1.4.0 section 7.2, OXM prerequisites): a TCP port means nothing without
// ip_proto 6, which means nothing without an IP eth_type. The switch would refuse with BAD_MATCH BAD_PREREQ; we say it
// before, with names.
#pragma once

#include "libs/base/result.h"
#include "libs/protocol/openflow/field.h"
#include "libs/protocol/openflow/match.h"

namespace pratique::openflow {

/// OPENFLOW_PREREQUISITE_MISSING: "tcp_dst needs ip_proto=6", with evidence "field" and "needs".
Result<void> check_prerequisites(const Match& match);
/// The same for a field that an action sets on packets of this match.
Result<void> check_prerequisite(Field field, const Match& match);

}  // namespace pratique::openflow
