// The rules of our bridge, as values: what belongs in its flow tables, and what the flows that are there amount to.
// README.md has the table. Tables 0 and 1 of the bridge are ours alone; fail-mode is secure, so what no flow lets pass
// is dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/protocol/openflow/flow.h"
#include "libs/protocol/openflow/flow_mod.h"
#include "libs/protocol/openflow/flow_stats.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

inline constexpr std::uint8_t kPortTable = 0, kOnboardingTable = 1;
inline constexpr std::uint16_t kUplinkPriority = 61000, kGuardPriority = 60000, kServicePriority = 50000,
                               kStationPriority = 40000, kClosedPriority = 30000;

// Cookies: who a flow is for. From the top: 0xd, kind (4 bits), port number (16), the last five octets of the station's
// address.
enum class RuleKind : std::uint8_t { guard = 1, onboarding = 2, uplink = 3, service = 4, closed = 5, station = 6 };
std::uint64_t cookie_of(RuleKind kind, std::uint32_t ofport = 0, const MacAddress& mac = {});
/// The rules of a station, on one port or (ofport 0) wherever it is.
openflow::FlowQuery rules_of_station(std::uint32_t ofport, const MacAddress& mac);

/// What all ports share: guards, and the onboarding table. Ordered.
std::vector<openflow::Flow> shared_rules(const OnboardingAccess& access);
/// What makes one port do its plan. Ordered.
std::vector<openflow::Flow> port_rules(const PortPlan& plan, std::uint32_t ofport);
/// The flow that closes an access port.
openflow::Flow closed_rule(std::uint32_t ofport);

/// The port that a flow of table 0 is for; nothing: it is for all, or for none that is named exactly.
std::optional<std::uint32_t> port_of(const openflow::Flow& flow);
/// In one of our two tables.
bool in_our_tables(const openflow::Flow& flow);

/// What the flows of one port amount to.
struct PortRules {
  std::vector<MacAddress> admitted = {};  // ordered
  bool closed = false;                    // the closed rule is there
  bool all_pass = false;
  bool others_pass = false;  // a foreign flow lets something through
  std::vector<std::string> foreign = {};
};
PortRules read_port_rules(std::uint32_t ofport, std::span<const openflow::Flow> flows);

/// What leads from the flows that are there to those wanted, both of the same part of the tables: strict removals, then
/// additions. Counters of what stays are kept.
std::vector<openflow::FlowMod> difference(std::span<const openflow::Flow> there,
                                          std::span<const openflow::Flow> wanted);

/// For an operator.
std::string text_of(const openflow::Flow& flow);

}  // namespace pratique::network
