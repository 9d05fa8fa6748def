#include "tools/pratique/network_requests.h"

#include "libs/base/hex.h"
#include "libs/codec/json/parse.h"
#include "libs/rpc/timestamp.h"
#include "tools/pratique/file_text.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/terminal/time_text.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

constexpr std::int64_t kMinVlan = 1, kMaxVlan = 4094;  // IEEE 802.1Q
constexpr std::size_t kMaxSettings = 16'384;

// What was typed goes into the mask.
class Changes {
 public:
  Changes(const Arguments& arguments, google::protobuf::FieldMask& mask) : arguments_(arguments), mask_(mask) {}
  bool typed(std::string_view option, const char* field) {
    if (!arguments_.has(option)) return false;
    mask_.add_paths(field);
    return true;
  }
  Result<void> some(std::string_view example) const {
    if (mask_.paths().empty()) return invalid("NOTHING_TO_CHANGE", "say what to change, e.g. " + std::string(example));
    return {};
  }

 private:
  const Arguments& arguments_;
  google::protobuf::FieldMask& mask_;
};

template <typename Resource>
Result<void> apply_disabled(const Arguments& arguments, Changes& changes, Resource& one) {
  if (arguments.has("disable") && arguments.has("enable"))
    return invalid("ARGUMENT_INVALID", "--disable and --enable exclude each other");
  if (changes.typed("disable", "disabled")) one.set_disabled(true);
  if (changes.typed("enable", "disabled")) one.set_disabled(false);
  return {};
}

Option display_name() { return Option::text("display-name", "TEXT", "what people call it"); }

template <typename Set>
Result<void> read_time_option(const Arguments& arguments, std::string_view option, Set set) {
  if (!arguments.has(option)) return {};
  TRY(const auto time, parse_time(arguments.text(option)).with_context("--" + std::string(option)));
  set(rpc::write_time(time));
  return {};
}

template <typename Request>
void place(const PlaceFilter& where, const Arguments& arguments, Request& request) {
  request.set_device(where.device);
  request.set_network_switch(where.on_switch);
  request.set_port(where.port);
  request.set_mac_address(arguments.text("mac"));
}

}  // namespace

std::vector<Option> segment_options(bool adding) {
  auto vlan = Option::text("vlan", "N", "its VLAN id on every switch: 1 to 4094, unique");
  vlan.required = adding;
  return {std::move(vlan), display_name()};
}

std::vector<Option> switch_options(bool adding) {
  auto site = Option::text("site", "SITE", "where it stands");
  site.required = adding;
  std::vector<Option> out;
  if (adding) {
    out.push_back(Option::one_of("kind", words_of<v1::SwitchKind>(), "how it is driven; it never changes").must());
  } else {
    out.push_back(Option::text("name", "NAME", "its short name"));
  }
  out.push_back(std::move(site));
  out.push_back(Option::text("settings", "JSON", "of its kind: services/network/adapters/KIND/README.md"));
  out.push_back(Option::text("settings-file", "FILE", "the same from a file, '-' is standard input"));
  out.push_back(Option::text("nas-address", "ADDRESS", "the address that its RADIUS requests come from"));
  out.push_back(Option::text("nas-identifier", "TEXT", "what it sends as NAS-Identifier"));
  out.push_back(display_name());
  out.push_back(Option::flag("disable", "leave it as it is"));
  if (!adding) out.push_back(Option::flag("enable", "drive it again"));
  return out;
}

std::vector<Option> port_options(bool adding) {
  auto role =
      Option::one_of("role", words_of<v1::PortRole>(), "for devices, for a server of ours, or to other switches");
  role.required = adding;
  std::vector<Option> out{std::move(role), Option::text("segment", "SEGMENT", "of a service port: where it always is"),
                          Option::text("nas-port-id", "TEXT", "what the switch sends as NAS-Port-Id; empty: its name"),
                          Option::text("authenticator", "PATH", "of hostapd's control socket, where it is apart"),
                          Option::text("disconnect-at", "ADDRESS:PORT", "where that one takes Disconnect-Requests"),
                          display_name()};
  if (!adding) out.insert(out.begin(), Option::text("name", "NAME", "the switch's own name for it"));
  return out;
}

std::vector<Option> wlan_options(bool adding) {
  auto site = Option::text("site", "SITE", "whose access points announce it");
  auto security = Option::one_of("security", words_of<v1::WlanSecurity>(), "how a device proves who it is");
  site.required = security.required = adding;
  std::vector<Option> out{
      std::move(site), std::move(security), Option::text("ssid", "TEXT", "its SSID, 1 to 32 bytes"),
      Option::text("ssid-hex", "HEX", "the same where it is no text"),
      Option::text("segment", "SEGMENT", "where its devices go; empty, with wpa3-enterprise: each where RADIUS says"),
      display_name(), Option::flag("disable", "it is not to be announced")};
  if (!adding) {
    out.push_back(Option::flag("enable", "it is to be announced again"));
    out.insert(out.begin(), Option::text("name", "NAME", "its short name"));
  }
  return out;
}

Result<void> apply_changes(const Arguments& arguments, v1::Segment& segment, google::protobuf::FieldMask& mask) {
  Changes changes(arguments, mask);
  TRY(const auto vlan, arguments.integer("vlan", 0, kMinVlan, kMaxVlan));
  if (changes.typed("vlan", "vlan")) segment.set_vlan(static_cast<std::int32_t>(vlan));
  if (changes.typed("display-name", "display_name")) segment.set_display_name(arguments.text("display-name"));
  return changes.some("--vlan N");
}

Result<void> apply_changes(const Arguments& arguments, v1::Site& site, google::protobuf::FieldMask& mask) {
  Changes changes(arguments, mask);
  if (changes.typed("name", "short_name")) site.set_short_name(arguments.text("name"));
  if (changes.typed("display-name", "display_name")) site.set_display_name(arguments.text("display-name"));
  return changes.some("--display-name TEXT");
}

Result<std::string> settings_text(const Arguments& arguments) {
  if (arguments.has("settings") && arguments.has("settings-file"))
    return invalid("ARGUMENT_INVALID", "--settings and --settings-file exclude each other");
  std::string text = arguments.text("settings");
  if (arguments.has("settings-file")) {
    TRY(text, load_text(arguments.text("settings-file"), kMaxSettings));
  }
  TRY(const auto value, json::parse(text).with_context("settings"));
  if (value.as_object() == nullptr) return invalid("ARGUMENT_INVALID", "settings are a JSON object, e.g. {}");
  return text;
}

Result<void> apply_changes(const Arguments& arguments, const TypedNames& names, v1::NetworkSwitch& one,
                           google::protobuf::FieldMask& mask) {
  Changes changes(arguments, mask);
  if (changes.typed("name", "short_name")) one.set_short_name(arguments.text("name"));
  if (changes.typed("display-name", "display_name")) one.set_display_name(arguments.text("display-name"));
  if (changes.typed("site", "site")) one.set_site(names.site);
  if (arguments.has("kind")) one.set_kind(value_of<v1::SwitchKind>(arguments.text("kind")));
  if (changes.typed("settings", "settings") || changes.typed("settings-file", "settings")) {
    TRY(*one.mutable_settings(), settings_text(arguments));
  }
  if (changes.typed("nas-address", "nas_address")) one.set_nas_address(arguments.text("nas-address"));
  if (changes.typed("nas-identifier", "nas_identifier")) one.set_nas_identifier(arguments.text("nas-identifier"));
  TRY_VOID(apply_disabled(arguments, changes, one));
  return changes.some("--nas-address ADDRESS");
}

Result<void> apply_changes(const Arguments& arguments, const TypedNames& names, v1::Port& port,
                           google::protobuf::FieldMask& mask) {
  Changes changes(arguments, mask);
  if (changes.typed("name", "port_name")) port.set_port_name(arguments.text("name"));
  if (changes.typed("display-name", "display_name")) port.set_display_name(arguments.text("display-name"));
  if (changes.typed("role", "role")) port.set_role(value_of<v1::PortRole>(arguments.text("role")));
  if (changes.typed("segment", "fixed_segment")) port.set_fixed_segment(names.segment);
  if (changes.typed("nas-port-id", "nas_port_id")) port.set_nas_port_id(arguments.text("nas-port-id"));
  if (changes.typed("authenticator", "authenticator")) port.set_authenticator(arguments.text("authenticator"));
  if (changes.typed("disconnect-at", "disconnect_at")) port.set_disconnect_at(arguments.text("disconnect-at"));
  return changes.some("--role access");
}

Result<void> apply_changes(const Arguments& arguments, const TypedNames& names, v1::Wlan& wlan,
                           google::protobuf::FieldMask& mask) {
  Changes changes(arguments, mask);
  if (changes.typed("name", "short_name")) wlan.set_short_name(arguments.text("name"));
  if (changes.typed("display-name", "display_name")) wlan.set_display_name(arguments.text("display-name"));
  if (changes.typed("site", "site")) wlan.set_site(names.site);
  if (arguments.has("ssid") && arguments.has("ssid-hex"))
    return invalid("ARGUMENT_INVALID", "--ssid and --ssid-hex exclude each other");
  if (changes.typed("ssid", "ssid")) wlan.set_ssid(arguments.text("ssid"));
  if (changes.typed("ssid-hex", "ssid")) {
    TRY(const auto octets, hex_decode(arguments.text("ssid-hex")).with_context("--ssid-hex"));
    wlan.set_ssid(std::string(as_text(octets)));
  }
  if (changes.typed("security", "security")) wlan.set_security(value_of<v1::WlanSecurity>(arguments.text("security")));
  if (changes.typed("segment", "segment")) wlan.set_segment(names.segment);
  TRY_VOID(apply_disabled(arguments, changes, wlan));
  return changes.some("--ssid TEXT");
}

Result<v1::ListSessionsRequest> list_sessions_request(const Arguments& arguments, const PlaceFilter& where) {
  v1::ListSessionsRequest out;
  place(where, arguments, out);
  out.set_open(arguments.has("open"));
  TRY_VOID(read_time_option(arguments, "at", [&](auto time) { *out.mutable_at_time() = std::move(time); }));
  return out;
}

Result<v1::ListAttemptsRequest> list_attempts_request(const Arguments& arguments, const PlaceFilter& where) {
  v1::ListAttemptsRequest out;
  place(where, arguments, out);
  out.set_verdict(value_of<v1::AttemptVerdict>(arguments.text("verdict")));
  TRY_VOID(read_time_option(arguments, "from", [&](auto time) { *out.mutable_start_time() = std::move(time); }));
  TRY_VOID(read_time_option(arguments, "until", [&](auto time) { *out.mutable_end_time() = std::move(time); }));
  return out;
}

}  // namespace pratique::cli
