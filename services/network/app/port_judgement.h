// From what is stored of a port to what it is to do and whose stay on it is over: domain/plan.h asked about its
// sessions. For this room's own files.
#pragma once

#include <utility>
#include <vector>

#include "services/network/storage/grants.h"
#include "services/network/storage/work.h"

namespace pratique::network {

/// A stored session, as domain/plan.h judges it.
LiveSession live_session(const Session& session);

struct PortJudgement {
  PortPlan plan = {};
  std::vector<std::pair<Session, Finding>> to_end = {};
};
PortJudgement judge_port(const WorkPort& port, const SiteSegments& segments, const Allowed& allowed);

/// Whose grants and certificates that takes.
std::vector<DeviceId> devices_of(const std::vector<WorkPort>& ports);

}  // namespace pratique::network
