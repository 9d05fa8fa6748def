// A small network around one switch, as the conformance suite sees it: stations on access ports, one server in each
// segment. An adapter's tests build it from what is real for them (adapters/ovs/ovs_world_test.h: namespaces and veth
// pairs).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/mac_address.h"
#include "services/network/domain/port.h"

namespace pratique::network::conformance {

enum class Family { v4, v6 };

/// A TCP connection that stands and is used again and again.
class Conversation {
 public:
  virtual ~Conversation() = default;
  /// The station says something and the server answers, within so long.
  virtual bool goes_on(std::chrono::milliseconds patience) = 0;
  /// What the server says comes to the station.
  virtual bool hears(std::chrono::milliseconds patience) = 0;
};

class World {
 public:
  virtual ~World() = default;

  /// At least two access ports with a station on each.
  virtual std::vector<std::string> ports() const = 0;
  virtual MacAddress station(std::string_view port) const = 0;
  /// Plans of the other ports: servers and uplinks.
  virtual std::vector<PortPlan> fixed_ports() const = 0;
  /// In the onboarding segment stands a join proxy, in the others a server of their own. All different.
  virtual VlanId onboarding() const = 0;
  virtual VlanId production() const = 0;
  virtual VlanId quarantine() const = 0;

  /// Can the station on that port make a TCP connection to the server (or join proxy) of that segment? Tries so long.
  virtual bool reaches(std::string_view port, VlanId segment, Family family, std::chrono::milliseconds patience) = 0;
  /// The same to something of the join proxy's machine that is not for devices.
  virtual bool reaches_beside_proxy(std::string_view port, Family family, std::chrono::milliseconds patience) = 0;
  /// The same to the station on another port.
  virtual bool reaches_station(std::string_view from, std::string_view to, Family family,
                               std::chrono::milliseconds patience) = 0;
  /// Frames from behind that port, one from each sender, in that order: those senders whose frame came to the segment's
  /// server before the last one's did, or until patience was over.
  virtual std::vector<MacAddress> heard_from(std::string_view port, VlanId segment,
                                             const std::vector<MacAddress>& senders,
                                             std::chrono::milliseconds patience) = 0;
  /// nullptr: no connection.
  virtual std::unique_ptr<Conversation> converse(std::string_view port, VlanId segment, Family family) = 0;
  /// Pulls the cable out, and puts it back.
  virtual void unplug(std::string_view port) = 0;
  virtual void plug(std::string_view port) = 0;
};

}  // namespace pratique::network::conformance
