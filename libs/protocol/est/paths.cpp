#include "libs/protocol/est/paths.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pratique::est {
namespace {

// Also the operations that are not served: RFC 7030 section 3.2.2 keeps their names from being labels.
constexpr std::array<std::string_view, 6> kNames = {"cacerts",        "csrattrs",     "simpleenroll",
                                                    "simplereenroll", "serverkeygen", "fullcmc"};
constexpr std::array<Operation, 4> kServed = {Operation::cacerts, Operation::csrattrs, Operation::simpleenroll,
                                              Operation::simplereenroll};

bool is_unreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

std::string_view to_string(Operation operation) { return kNames[static_cast<std::size_t>(operation)]; }

std::string_view method_of(Operation operation) {
  return operation == Operation::cacerts || operation == Operation::csrattrs ? "GET" : "POST";
}

std::string path_of(Operation operation, std::string_view label) {
  std::string path(kWellKnown);
  if (!label.empty()) path.append("/").append(label);
  return path.append("/").append(to_string(operation));
}

bool is_valid_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && std::ranges::all_of(label, is_unreserved) && label != "." &&
         label != ".." && std::ranges::find(kNames, label) == kNames.end();
}

std::optional<Route> find_route(std::string_view path) {
  if (!path.starts_with(kWellKnown)) return std::nullopt;
  path.remove_prefix(kWellKnown.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  std::string_view label;
  if (const auto slash = path.find('/'); slash != std::string_view::npos) {
    label = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    if (!is_valid_label(label)) return std::nullopt;
  }
  for (const Operation operation : kServed)
    if (path == to_string(operation)) return Route{operation, std::string(label)};
  return std::nullopt;
}

bool is_media_type(std::string_view header, std::string_view expected) {
  header = header.substr(0, header.find(';'));
  while (!header.empty() && (header.back() == ' ' || header.back() == '\t')) header.remove_suffix(1);
  while (!header.empty() && (header.front() == ' ' || header.front() == '\t')) header.remove_prefix(1);
  return std::ranges::equal(header, expected.substr(0, expected.find(';')), {}, lower, lower);
}

}  // namespace pratique::est
