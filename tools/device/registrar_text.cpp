#include "tools/device/registrar_text.h"

#include <algorithm>

namespace pratique::device {
namespace {

constexpr std::size_t kMaxCode = 64;

std::string words_of(const net::http::Response& response) {
  return response.content_type() == "text/plain" ? printable(as_text(response.body)) : std::string();
}

std::string_view code_in(std::string_view words) {
  const auto end = words.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
  if (end == 0 || end == std::string_view::npos || end > kMaxCode || words[end] != ':') return {};
  return words.substr(0, end);
}

}  // namespace

Ending refused_with(const net::http::Response& response) {
  Ending out{.outcome = Outcome::refused_by_network, .text = words_of(response)};
  const auto code = code_in(out.text);
  out.codes.push_back(code.empty() ? "HTTP_" + std::to_string(response.status) : std::string(code));
  return out;
}

std::string status_line(const net::http::Response& response) {
  const auto words = words_of(response);
  return std::to_string(response.status) + (words.empty() ? "" : " " + words);
}

}  // namespace pratique::device
