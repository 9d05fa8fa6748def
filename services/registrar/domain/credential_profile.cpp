#include "services/registrar/domain/credential_profile.h"

#include <algorithm>
#include <array>

namespace pratique::registrar {
namespace {

enum class Place { text, dns, uri };

struct Word {
  std::string_view name;
  bool fits_dns;
  std::string (*value)(const DeviceFacts&);
};
constexpr std::array<Word, 5> kWords{{
    {"device_id", true, [](const DeviceFacts& d) { return d.device.text(); }},
    {"serial_number", false, [](const DeviceFacts& d) { return d.serial_number; }},
    {"manufacturer", false, [](const DeviceFacts& d) { return d.manufacturer; }},
    {"model", false, [](const DeviceFacts& d) { return d.model; }},
    {"trust_domain", true, [](const DeviceFacts& d) { return d.trust_domain; }},
}};

Error profile_invalid(std::string_view field, std::string_view why) {
  return invalid("PROFILE_INVALID", std::string(field) + ": " + std::string(why));
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").contains(c);
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Walks a template: `on_text` gets what stands between the words, `on_word` each known word.
template <typename OnText, typename OnWord>
Result<void> walk(std::string_view field, std::string_view form, OnText on_text, OnWord on_word) {
  while (!form.empty()) {
    const auto open = form.find_first_of("{}");
    on_text(form.substr(0, open));
    if (open == std::string_view::npos) return {};
    const auto close = form.find('}', open);
    if (form[open] == '}' || close == std::string_view::npos)
      return profile_invalid(field, "has a brace without its partner");
    const auto name = form.substr(open + 1, close - open - 1);
    const auto word = std::ranges::find_if(kWords, [&](const Word& known) { return known.name == name; });
    if (word == kWords.end()) return profile_invalid(field, "knows no word '{" + std::string(name) + "}'");
    TRY_VOID(on_word(*word));
    form.remove_prefix(close + 1);
  }
  return {};
}

Result<void> check_template(std::string_view field, std::string_view form, Place place) {
  if (form.empty()) return profile_invalid(field, "is empty");
  return walk(field, form, [](std::string_view) {}, [&](const Word& word) -> Result<void> {
    if (place == Place::dns && !word.fits_dns)
      return profile_invalid(field, "'{" + std::string(word.name) + "}' may not stand in a DNS name");
    return {};
  });
}

Result<std::string> expand(std::string_view field, std::string_view form, Place place, const DeviceFacts& device) {
  std::string out;
  TRY_VOID(walk(field, form, [&](std::string_view text) { out += text; }, [&](const Word& word) -> Result<void> {
    const std::string value = word.value(device);
    if (value.empty())
      return failed_precondition("CREDENTIAL_NAME_UNUSABLE", std::string(field) + ": the registry has no " +
                                                                 std::string(word.name) + " of this device");
    out += place == Place::uri ? percent_encoded(value) : value;
    return {};
  }));
  return out;
}

}  // namespace

Result<void> check_profile(const CredentialProfile& profile) {
  if (profile.validity < kMinValidity || profile.validity > kMaxValidity)
    return profile_invalid("validity", "must be between 5 minutes and 3660 days");
  if (profile.key_types.empty()) return profile_invalid("key_types", "is empty");
  TRY_VOID(check_template("common_name", profile.common_name, Place::text));
  for (const auto& form : profile.san_dns) TRY_VOID(check_template("san_dns", form, Place::dns));
  for (const auto& form : profile.san_uri) {
    TRY_VOID(check_template("san_uri", form, Place::uri));
    if (!form.contains(':')) return profile_invalid("san_uri", "has no scheme");
  }
  return {};
}

Result<CredentialNames> names_for(const CredentialProfile& profile, const DeviceFacts& device) {
  CredentialNames names;
  names.subject.organization = profile.organization;
  names.subject.serial_number = device.serial_number;
  TRY(names.subject.common_name, expand("common_name", profile.common_name, Place::text, device));
  if (characters(names.subject.common_name) > kMaxCommonName)
    return failed_precondition("CREDENTIAL_NAME_UNUSABLE", "common_name: is longer than 64 characters")
        .with("common_name", names.subject.common_name);
  for (const auto& form : profile.san_dns) {
    TRY(auto name, expand("san_dns", form, Place::dns, device));
    names.alt_names.dns.push_back(std::move(name));
  }
  for (const auto& form : profile.san_uri) {
    TRY(auto name, expand("san_uri", form, Place::uri, device));
    names.alt_names.uri.push_back(std::move(name));
  }
  return names;
}

Result<CredentialProfiles> CredentialProfiles::make(std::map<std::string, CredentialProfile> profiles) {
  CredentialProfiles out;
  for (auto& [name, profile] : profiles) {
    TRY_VOID(check_profile(profile).with_context("profile '" + name + "'"));
    out.profiles_.emplace(name, std::move(profile));
  }
  if (!out.profiles_.contains(kDefaultProfile)) out.profiles_.emplace(kDefaultProfile, CredentialProfile{});
  return out;
}

Result<CredentialProfiles::Named> CredentialProfiles::get(std::string_view name) const {
  const auto found = profiles_.find(name.empty() ? kDefaultProfile : name);
  if (found == profiles_.end())
    return failed_precondition("CREDENTIAL_PROFILE_UNKNOWN",
                               "there is no credential profile '" + std::string(name) + "'");
  return Named{found->first, found->second};
}

}  // namespace pratique::registrar
