// From what people type to resource names of the network service, and back for tables.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <pratique/network/v1/segment.pb.h>
#include <pratique/network/v1/session.pb.h>
#include <pratique/network/v1/switch.pb.h>
#include <pratique/network/v1/wlan.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/names.h"

namespace pratique::cli {

// By name, UUID or short name; NOT_FOUND SEGMENT_UNKNOWN, SITE_UNKNOWN, SWITCH_UNKNOWN, WLAN_UNKNOWN.
Result<network::v1::Segment> get_segment(Context& context, std::string_view typed);
Result<network::v1::Site> get_site(Context& context, std::string_view typed);
Result<network::v1::NetworkSwitch> get_switch(Context& context, std::string_view typed);
Result<network::v1::Wlan> get_wlan(Context& context, std::string_view typed);
// The resource name alone; "" for "".
Result<std::string> segment_name(Context& context, std::string_view typed);
Result<std::string> site_name(Context& context, std::string_view typed);
Result<std::string> switch_name(Context& context, std::string_view typed);

/// "hall-1/p3": a switch and the name of a port of its, which may have slashes itself. None where it is no such pair.
struct PortPlace {
  std::string_view on_switch, port;
};
std::optional<PortPlace> parse_port_place(std::string_view typed);
/// By SWITCH/PORT, name or UUID. NOT_FOUND PORT_UNKNOWN.
Result<network::v1::Port> get_port(Context& context, std::string_view typed);
Result<std::string> port_name(Context& context, std::string_view typed);

/// INVALID_ARGUMENT ARGUMENT_INVALID where it names no session of the network.
Result<std::string> session_name(std::string_view typed);

/// Short names of switches, segments and sites by resource names. Asks once, when it is first needed; where it may not
/// or cannot, UUIDs stand for names.
class NetworkNames {
 public:
  explicit NetworkNames(Context& context) : context_(context) {}
  std::string of_switch(const std::string& name);
  std::string of_segment(const std::string& name);
  std::string of_site(const std::string& name);
  /// "hall-1/p3".
  std::string of_port(const network::v1::Port& port);

 private:
  using Names = std::map<std::string, std::string>;
  Context& context_;
  std::optional<Names> switches_, segments_, sites_;
};

/// Serial numbers of devices by resource names. Asks for each once, and for not too many; where it may not or cannot,
/// UUIDs stand for them.
class DeviceNames {
 public:
  explicit DeviceNames(Context& context) : context_(context) {}
  std::string of(const std::string& name);
  /// As a word of the command line.
  std::string word_of(const std::string& name);

 private:
  static constexpr std::size_t kMost = 100;
  const registrar::v1::Device* find(const std::string& name);
  Context& context_;
  std::map<std::string, registrar::v1::Device> known_;
  bool answers_ = true;
};

}  // namespace pratique::cli
