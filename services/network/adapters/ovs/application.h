// One `apply`: from plans to what the switch does, in an order in which a port is never more open than its plan or its
// state before. Rules that are to go, go first; then VLAN and isolation by OVSDB, awaited; then the rules that let
// through; then all is read back.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "services/network/adapters/ovs/reading.h"

namespace pratique::network {

class Application {
 public:
  Application(SwitchLink& link, std::span<const openflow::Flow> shared, std::span<const PortPlan> plans,
              Deadline deadline);

  /// `all`: read (and put right) also what names no port.
  Result<std::vector<AppliedPort>> run(bool all);

 private:
  struct Work {
    const PortPlan* plan = nullptr;
    std::optional<OvsPort> port = {};
    std::vector<openflow::Flow> wanted = {};
    std::vector<ovsdb::Operation> settings = {};
    bool moves = false;  // its VLAN or isolation changes: silent meanwhile
    Verdict verdict = {};
    std::uint32_t ofport() const { return static_cast<std::uint32_t>(*port->ofport); }
    bool good() const { return verdict.accepted(); }
    bool reachable() const { return port && port->usable(); }
  };
  /// A bundle, and whose each of its parts is; nullptr: everybody's.
  struct Order {
    std::vector<openflow::FlowMod> mods = {};
    std::vector<Work*> whose = {};
    void add(std::vector<openflow::FlowMod> more, Work* work);
  };

  Result<void> look_up();
  Result<void> require_secure();
  Result<Reading> read(bool all);
  Result<void> close_and_keep(const Reading& reading);
  Result<void> change_settings();
  Result<void> open();
  void judge(const Reading& reading);
  Result<void> silence_refused(const Reading& reading);
  /// Leaves out what the switch refuses, with the ports that it is of.
  Result<void> send(const std::function<Order()>& make);
  void refuse(Work& work, const struct Reason& reason, std::string_view message, Evidence evidence = {});

  SwitchLink& link_;
  std::vector<openflow::Flow> shared_;
  std::span<const PortPlan> plans_;
  Deadline deadline_;
  std::vector<Work> works_;
  bool sent_ = false;  // something was changed
};

}  // namespace pratique::network
