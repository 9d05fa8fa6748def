// Switches that are not there: each listens on two TCP ports of the loopback for OVSDB and OpenFlow. One thread serves
// them all.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tests/bench/reconcile/flow_table.h"
#include "tests/bench/reconcile/switch_database.h"

namespace pratique::bench {

class SwitchHouse {
 public:
  /// `schema`: text of Open vSwitch's vswitch.ovsschema.
  static Result<std::unique_ptr<SwitchHouse>> open(std::string_view schema);
  ~SwitchHouse();

  /// Adds a switch of so many ports; its number.
  Result<std::size_t> add(int ports);
  void start();

  std::string ovsdb_address(std::size_t number) const;
  std::string openflow_address(std::size_t number) const;
  /// When it last carried out a bundle.
  std::chrono::steady_clock::time_point last_commit(std::size_t number) const;
  std::size_t flows(std::size_t first, std::size_t count) const;
  /// Ends their connections. `forget`: their flows are gone too, as when ovs-vswitchd was restarted.
  void restart(std::size_t first, std::size_t count, bool forget);
  /// What went wrong, if anything did.
  std::string trouble() const;

 private:
  struct Switch;
  struct Connection;
  explicit SwitchHouse(json::Value schema);
  void serve();
  void accept_on(int listener, Switch& on, bool database);
  void hear(Connection& connection);
  void say(Connection& connection);
  void close_it(int fd);

  const json::Value schema_;
  int poll_ = -1;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Switch>> switches_;
  std::unordered_map<int, std::pair<Switch*, bool>> listeners_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::string trouble_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace pratique::bench
