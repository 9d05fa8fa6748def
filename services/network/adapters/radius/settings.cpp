#include "services/network/adapters/radius/settings.h"

#include <array>
#include <charconv>

#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/protocol/radius/vendor.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

constexpr std::int64_t kLeastWait = 50, kMostWait = 30'000;  // milliseconds
constexpr std::size_t kMaxAttributes = 16;

Error wrong(const json::Reader& in, std::string_view key, std::string_view what) {
  const auto place = in.find(key);
  return (place ? *place : in).error("FIELD_INVALID", what);
}

template <typename Enum, std::size_t n>
Result<void> read_word(const json::Reader& in, std::string_view key, Enum& out,
                       const std::array<std::pair<std::string_view, Enum>, n>& words) {
  TRY(const auto given, in.optional_string(key));
  if (!given) return {};
  std::string names;
  for (const auto& [word, meaning] : words) {
    if (word == *given) {
      out = meaning;
      return {};
    }
    names += (names.empty() ? "" : ", ") + std::string(word);
  }
  return wrong(in, key, "must be one of " + names);
}

Result<void> read_flag(const json::Reader& in, std::string_view key, bool& out) {
  TRY(const auto given, in.optional_bool(key));
  out = given.value_or(out);
  return {};
}

Result<void> read_naming(const json::Reader& in, SessionNaming& out) {
  TRY_VOID(in.only({"accounting_id", "calling_station", "user_name", "port", "mac_form", "letters"}));
  TRY_VOID(read_flag(in, "accounting_id", out.accounting_id));
  TRY_VOID(read_flag(in, "calling_station", out.calling_station));
  TRY_VOID(read_flag(in, "user_name", out.user_name));
  TRY_VOID(read_flag(in, "port", out.port));
  using Form = std::pair<std::string_view, MacForm>;
  TRY_VOID(read_word(in, "mac_form", out.mac_form,
                     std::array{Form{"colon", MacForm::colon}, Form{"dash", MacForm::dash}, Form{"dot", MacForm::dot},
                                Form{"bare", MacForm::bare}}));
  using Letters = std::pair<std::string_view, LetterCase>;
  return read_word(in, "letters", out.letters,
                   std::array{Letters{"lower", LetterCase::lower}, Letters{"upper", LetterCase::upper}});
}

Result<void> read_filters(const json::Reader& in, std::map<VlanId, std::string>& out) {
  for (const auto& member : *in.value().as_object()) {
    VlanId vlan = 0;
    const auto [end, failed] = std::from_chars(member.name.data(), member.name.data() + member.name.size(), vlan);
    if (failed != std::errc{} || end != member.name.data() + member.name.size() || vlan < kMinVlan || vlan > kMaxVlan)
      return in.error("FIELD_INVALID", "'" + member.name + "' is no VLAN from 1 to 4094");
    TRY(out[vlan], in.string_at(member.name));
  }
  return {};
}

Result<radius::Attribute> read_attribute(const json::Reader& in) {
  TRY_VOID(in.only({"vendor", "type", "text"}));
  TRY(const auto vendor, in.int_at("vendor"));
  TRY(const auto type, in.int_at("type"));
  TRY(const auto text, in.string_at("text"));
  if (vendor < 1 || vendor > 0xffffff) return wrong(in, "vendor", "must be from 1 to 16777215");
  if (type < 1 || type > 255) return wrong(in, "type", "must be from 1 to 255");
  auto made = radius::text_for_vendor(static_cast<std::uint32_t>(vendor), static_cast<std::uint8_t>(type), text);
  if (!made) return wrong(in, "text", made.error().message);
  return made;
}

Result<RadiusSettings> read_settings(const json::Reader& in) {
  TRY_VOID(in.as_object());
  TRY_VOID(in.only({"address", "port", "message_authenticator_required", "naming", "change_by", "filters",
                    "reauthenticate", "disconnect_where_refused", "first_wait_ms"}));
  RadiusSettings out;
  TRY(const auto address, in.optional_string("address"));
  if (address) {
    const auto parsed = IpAddress::parse(*address);
    if (!parsed) return wrong(in, "address", "must be an IP address");
    out.address = *parsed;
  }
  TRY(const auto port, in.optional_int("port"));
  if (port && (*port < 1 || *port > 65535)) return wrong(in, "port", "must be from 1 to 65535");
  if (port) out.port = static_cast<std::uint16_t>(*port);
  TRY_VOID(read_flag(in, "message_authenticator_required", out.rules.answers.message_authenticator_required));
  TRY_VOID(read_flag(in, "disconnect_where_refused", out.disconnect_where_refused));
  TRY(const auto naming, in.optional_object("naming"));
  if (naming) TRY_VOID(read_naming(*naming, out.naming));
  using Change = std::pair<std::string_view, ChangeBy>;
  TRY_VOID(read_word(in, "change_by", out.change_by,
                     std::array{Change{"vlan", ChangeBy::vlan}, Change{"filter_id", ChangeBy::filter_id},
                                Change{"reauthenticate", ChangeBy::reauthenticate},
                                Change{"disconnect", ChangeBy::disconnect}}));
  TRY(const auto filters, in.optional_object("filters"));
  if (filters) TRY_VOID(read_filters(*filters, out.filters));
  TRY(const auto attributes, in.optional_array("reauthenticate"));
  if (attributes.size() > kMaxAttributes) return wrong(in, "reauthenticate", "holds more than 16");
  for (const auto& each : attributes) {
    TRY(auto attribute, read_attribute(each));
    out.reauthenticate.push_back(std::move(attribute));
  }
  TRY(const auto wait, in.optional_int("first_wait_ms"));
  if (wait && (*wait < kLeastWait || *wait > kMostWait))
    return wrong(in, "first_wait_ms", "must be from 50 to 30000 milliseconds");
  if (wait) out.rules.retransmission.initial = std::chrono::milliseconds(*wait);
  return out;
}

}  // namespace

Result<RadiusSettings> parse_radius_settings(std::string_view settings) {
  const auto invalid_settings = [](const Error& why) {
    return invalid("FIELD_INVALID", why.message).with("field", "network_switch.settings");
  };
  const auto root = json::parse(settings);
  if (!root) return invalid_settings(root.error());
  auto out = read_settings(json::Reader(*root, "network_switch.settings"));
  if (!out) return invalid_settings(out.error());
  // What is not there yet does not matter to the check.
  TRY(auto any_secret, radius::SharedSecret::make(Secret("any secret that will do")));
  const auto checked = check_radius_switch(radius_switch(*out, IpAddress(), "", std::move(any_secret)));
  if (!checked) return invalid_settings(Error(checked.error()).with_context("network_switch.settings"));
  return out;
}

RadiusSwitch radius_switch(const RadiusSettings& settings, const IpAddress& nas_address, std::string nas_identifier,
                           radius::SharedSecret secret) {
  const bool identified = !nas_identifier.empty();  // one of the two is enough
  return {.nas = {settings.address.value_or(nas_address), settings.port},
          .secret = std::move(secret),
          .nas_identifier = std::move(nas_identifier),
          .nas_address = identified ? std::nullopt : std::optional(nas_address),
          .rules = settings.rules,
          .naming = settings.naming,
          .change_by = settings.change_by,
          .filters = settings.filters,
          .reauthenticate = settings.reauthenticate,
          .disconnect_where_refused = settings.disconnect_where_refused};
}

}  // namespace pratique::network
