// Open vSwitch as a switch of ours: segments and isolation by OVSDB, who passes by OpenFlow. What its rules are stands
// in README.md; what each call promises in services/network/app/adapter.h.
//
//   TRY(auto adapter, OvsAdapter::make({.ovsdb = "unix:/run/openvswitch/db.sock",
//                                       .openflow = "unix:/run/openvswitch/br0.mgmt", .bridge = "br0",
//                                       .onboarding = {…}}));
//   adapter->watch(listener);
//
// The bridge is ours: tables 0 and 1 hold our rules alone, fail-mode is secure, and `apply` makes it so. Other tables
// are not looked at: nothing leads there. A port whose number (ofport) we cannot use is refused by its name.
#pragma once

#include <memory>
#include <mutex>

#include "services/network/adapters/ovs/config.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

class OvsAdapter : public SwitchAdapter {
 public:
  /// Starts to connect; INVALID_ARGUMENT FIELD_INVALID for a configuration that cannot work.
  static Result<std::unique_ptr<OvsAdapter>> make(OvsConfig config);
  ~OvsAdapter() override;

  Capabilities capabilities() const override;
  void watch(Listener listener) override;
  Result<std::vector<PortState>> observe(Deadline deadline) override;
  /// Transfers the flows of this port and the shared ones alone. A foreign rule that names no port is only seen by
  /// observe().
  Result<PortState> observe_port(std::string_view port, Deadline deadline) override;
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan> plans, Deadline deadline) override;
  /// The station's rule goes, in one bundle and read back. The port keeps its segment; without another station nothing
  /// passes on it until its next plan.
  Result<SessionEnd> end_session(const SessionRef& session, Deadline deadline) override;
  /// SWITCH_CAPABILITY_MISSING: `apply` moves a port without the device's doing.
  Result<SessionChanged> change_session(const SessionRef& session, VlanId vlan, Deadline deadline) override;

 private:
  struct Inside;
  explicit OvsAdapter(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::network
