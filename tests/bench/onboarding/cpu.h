// CPU time of other processes, as the kernel counts it (/proc/<pid>/stat, user and system together).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace pratique::bench {

/// Groups of processes, by name; a process stands with all its descendants.
using ProcessGroups = std::map<std::string, std::vector<int>>;

/// Seconds since each group's start, by group; what ended meanwhile is not counted.
std::map<std::string, double> cpu_seconds(const ProcessGroups& groups);

}  // namespace pratique::bench
