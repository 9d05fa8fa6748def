// One site to be measured: its database, the network service's own storage and use cases (reconciler, feed, sessions)
// and its Open vSwitch adapters, driving switches of a SwitchHouse. Every port has a device with a live session.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/crypto/primitives/system_random.h"
#include "libs/pg/pool.h"
#include "services/network/adapters/ovs/ovs_adapter.h"
#include "services/network/app/registrar_feed.h"
#include "services/network/app/work_loop.h"
#include "tests/bench/reconcile/switch_house.h"

namespace pratique::bench {

struct SiteSize {
  int switches = 1;
  int ports = 50;  // of each
};

class Site : public network::AdapterBook {
 public:
  /// `conninfo` of a database of its own. Registers everything and adds its switches to the house, which is not started
  /// yet.
  static Result<std::unique_ptr<Site>> make(const std::string& conninfo, SiteSize size, SwitchHouse& house);
  ~Site() override;

  /// Connects to the switches and lets the service's threads work. The house has been started.
  Result<void> start();
  /// Until nothing is to be done any more and every switch has been read: how long that took from `begin`.
  Result<double> await_settled(std::chrono::steady_clock::time_point begin, std::chrono::seconds limit);
  /// Bytes that the database has written ahead so far (WAL), whatever for.
  Result<double> written();
  /// As if the registrar moved the device on some port to the other segment.
  struct Change {
    double at_switch = 0;  // seconds from before the decision was taken in to the switch's last bundle
    double applied = 0;    // … until it is written down as done, read back
  };
  Result<Change> change_one();
  /// Flows that the switches hold; those that they ought to.
  std::size_t flows() const;
  std::size_t flows_wanted() const;
  void restart_switches(bool forget);

  Result<std::shared_ptr<network::SwitchAdapter>> find(const network::SwitchId& on_switch) override;

 private:
  struct Inside;
  explicit Site(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::bench
