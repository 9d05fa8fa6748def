// What a kind of switch can be made to do. An adapter says so, and the planner reports what could not be expressed.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

namespace pratique::network {

enum class Capability : unsigned {
  set_segment,       // move a port to a VLAN without the device's doing
  pin_station,       // let only the authenticated MAC address through an access port
  close_port,        // nothing but onboarding passes where nobody is admitted
  isolate_stations,  // devices of one segment do not reach each other
  end_session,       // log a station off now, running connections included
  change_session,    // another segment for a station that stays logged on (RFC 5176 CoA)
  observe_ports,     // say what ports do now
  watch_ports,       // tell of changes at once
  watch_stations,    // tell who logged on and off
  count_traffic,     // bytes and packets by station
};
std::string_view to_string(Capability capability);

class Capabilities {
 public:
  constexpr Capabilities() = default;
  constexpr Capabilities(std::initializer_list<Capability> all) {
    for (const auto one : all) bits_ |= bit(one);
  }
  constexpr bool has(Capability one) const { return (bits_ & bit(one)) != 0; }
  /// What either can.
  constexpr Capabilities operator|(const Capabilities& other) const {
    Capabilities out;
    out.bits_ = bits_ | other.bits_;
    return out;
  }
  bool operator==(const Capabilities&) const = default;
  /// Their words, in the order of Capability.
  std::vector<std::string_view> words() const;

 private:
  static constexpr unsigned bit(Capability one) { return 1u << static_cast<unsigned>(one); }
  unsigned bits_ = 0;
};

}  // namespace pratique::network
