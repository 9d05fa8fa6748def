// Limits on texts that come from people and peers, checked in one place with an error that names the field.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::registrar {

inline constexpr std::size_t kMaxDisplayName = 128;  // bytes of UTF-8, here and below
inline constexpr std::size_t kMaxSerialNumber = 128;
inline constexpr std::size_t kMaxModel = 128;
inline constexpr std::size_t kMaxLocation = 128;
inline constexpr std::size_t kMaxSegment = 64;
inline constexpr std::size_t kMaxProfile = 64;
inline constexpr std::size_t kMaxUrl = 512;
inline constexpr std::size_t kMaxReason = 1024;
inline constexpr std::size_t kMaxProtocol = 16;
inline constexpr std::size_t kMaxSearch = 128;
inline constexpr std::size_t kMaxLabels = 32;
inline constexpr std::size_t kMaxLabelName = 63;
inline constexpr std::size_t kMaxLabelValue = 255;

enum class Presence { optional, required };

/// INVALID_ARGUMENT FIELD_INVALID with evidence "field": longer than `limit` bytes, not UTF-8, a control character,
/// white space at either end, or empty where required.
Result<void> check_text(std::string_view field, std::string_view text, std::size_t limit, Presence presence);
/// As check_text; letters, digits, '-', '_' and '.' only: names that end up in other systems' configuration.
Result<void> check_word(std::string_view field, std::string_view text, std::size_t limit, Presence presence);
/// "https://host…", at most kMaxUrl bytes, no white space, user or fragment. Empty passes.
Result<void> check_https_url(std::string_view field, std::string_view url);
using Labels = std::map<std::string, std::string>;
Result<void> check_labels(std::string_view field, const Labels& labels);

/// The error that the checks above give.
Error field_invalid(std::string_view field, std::string_view problem);
/// What a peer claimed, made fit to be stored and shown: cut to `limit` bytes, control characters and broken UTF-8 as
/// U+FFFD.
std::string displayable(std::string_view text, std::size_t limit);

}  // namespace pratique::registrar
