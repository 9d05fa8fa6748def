#include "services/network/adapters/radius/settings.h"

#include <array>
#include <charconv>

#include "libs/protocol/radius/vendor.h"
#include "services/network/adapters/settings/settings_reader.h"

namespace pratique::network {
namespace {

constexpr std::int64_t kLeastWait = 50, kMostWait = 30'000;  // milliseconds
constexpr std::size_t kMaxAttributes = 16;

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
  return settings_wrong(in, key, "must be one of " + names);
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
  TRY_VOID(in.int_at("vendor"));
  TRY_VOID(in.int_at("type"));
  TRY(const auto vendor, read_number(in, "vendor", 1, 0xffffff));
  TRY(const auto type, read_number(in, "type", 1, 255));
  TRY(const auto text, in.string_at("text"));
  auto made = radius::text_for_vendor(static_cast<std::uint32_t>(vendor.value_or(0)),
                                      static_cast<std::uint8_t>(type.value_or(0)), text);
  if (!made) return settings_wrong(in, "text", made.error().message);
  return made;
}

Result<RadiusSettings> read_settings(const json::Reader& in) {
  TRY_VOID(in.as_object());
  TRY_VOID(in.only({"address", "port", "message_authenticator_required", "naming", "change_by", "filters",
                    "reauthenticate", "disconnect_where_refused", "first_wait_ms"}));
  RadiusSettings out;
  TRY(out.address, read_address(in, "address"));
  TRY(const auto port, read_port(in, "port"));
  out.port = port.value_or(out.port);
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
  if (attributes.size() > kMaxAttributes) return settings_wrong(in, "reauthenticate", "holds more than 16");
  for (const auto& each : attributes) {
    TRY(auto attribute, read_attribute(each));
    out.reauthenticate.push_back(std::move(attribute));
  }
  TRY_VOID(read_milliseconds(in, "first_wait_ms", kLeastWait, kMostWait, out.rules.retransmission.initial));
  return out;
}

}  // namespace

Result<RadiusSettings> parse_radius_settings(std::string_view settings) {
  TRY(auto out, parse_settings<RadiusSettings>(settings, read_settings));
  // What is not there yet does not matter to the check.
  TRY(auto any_secret, radius::SharedSecret::make(Secret("any secret that will do")));
  const auto checked = check_radius_switch(radius_switch(out, IpAddress(), "", std::move(any_secret)));
  if (!checked) return settings_invalid(Error(checked.error()).with_context(kSettingsPlace));
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
