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
  if (code.empty()) {
    out.codes.push_back("HTTP_" + std::to_string(response.status));
    return out;
  }
  out.codes.emplace_back(code);
  const auto words = out.text.find_first_not_of(' ', code.size() + 1);
  out.text = words == std::string::npos ? std::string() : out.text.substr(words);
  return out;
}

std::string status_line(const net::http::Response& response) {
  const auto words = words_of(response);
  return std::to_string(response.status) + (words.empty() ? "" : " " + words);
}

}  // namespace pratique::device
