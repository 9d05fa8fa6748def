// Starting and ending clusters through tools/run/postgres.sh. For this room's own files.
#pragma once

#include <string>

namespace pratique::support {

/// Makes a folder and starts a cluster in it that ends with this process, even if it crashes. Throws on failure.
struct StartedCluster {
  std::string folder, conninfo;
};
StartedCluster start_new_cluster();
/// Starts an existing one again; its conninfo.
std::string start_cluster(const std::string& folder);
void kill_cluster(const std::string& folder);
/// Stops it and removes its folder. Does not throw.
void remove_cluster(const std::string& folder) noexcept;

}  // namespace pratique::support
