#include "libs/net/http_writer.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <span>

namespace pratique::net {
namespace {

void add_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::any_of(names, [&](std::string_view other) { return std::ranges::equal(name, other, {}, lower); });
}

void add_fields(std::string& out, const http::Headers& headers, std::span<const std::string_view> left_out) {
  for (const auto& [name, value] : headers)
    if (!is_one_of(name, left_out)) add_line(out, name, value);
}

bool is_field(const http::Headers::Field& field) {
  return http::is_token(field.first) && http::is_field_value(field.second);
}

std::string http_date(Timestamp now) {
  const auto seconds = static_cast<std::time_t>(
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

}  // namespace

Result<void> check_call(const HttpCall& call) {
  const auto bad = [](std::string_view what) { return invalid("REQUEST_INVALID", what); };
  if (!http::is_token(call.method)) return bad("the method is no token");
  const auto odd = [](char c) { return c <= ' ' || c > '~' || c == '#'; };
  if (!call.target.starts_with('/') || std::ranges::any_of(call.target, odd))
    return bad("the target must be a path, its odd characters escaped");
  for (const auto& type : call.accepted_types)
    if (!http::is_field_value(type)) return bad("an accepted type is malformed");
  for (const auto& field : call.headers)
    if (!is_field(field)) return bad("the header field '" + field.first + "' is malformed");
  return {};
}

std::string request_head(const HttpCall& call, std::string_view authority) {
  static constexpr std::array<std::string_view, 4> kOurs = {"host", "content-length", "transfer-encoding",
                                                            "connection"};
  std::string out = call.method + " " + call.target + " HTTP/1.1\r\n";
  add_line(out, "Host", authority);
  add_fields(out, call.headers, kOurs);
  if (!call.accepted_types.empty() && !call.headers.contains("Accept")) {
    std::string accept;
    for (const auto& type : call.accepted_types) accept += (accept.empty() ? "" : ", ") + type;
    add_line(out, "Accept", accept);
  }
  if (!call.body.empty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH")
    add_line(out, "Content-Length", std::to_string(call.body.size()));
  return out + "\r\n";
}

bool is_sendable(const http::Response& response) {
  return response.status >= 200 && response.status <= 599 && std::ranges::all_of(response.headers, is_field);
}

bool is_bodiless(const http::Response& response, const ResponseFraming& framing) {
  return framing.to_head || response.status == 204 || response.status == 304;
}

std::string response_head(const http::Response& response, const ResponseFraming& framing, Timestamp now) {
  static constexpr std::array<std::string_view, 4> kOurs = {"date", "content-length", "transfer-encoding",
                                                            "connection"};
  std::string out = framing.version < 11 ? "HTTP/1.0 " : "HTTP/1.1 ";
  out += std::to_string(response.status) + " " + std::string(http::reason_phrase(response.status)) + "\r\n";
  add_line(out, "Date", http_date(now));
  add_fields(out, response.headers, kOurs);
  if (framing.keep_alive && framing.version < 11) add_line(out, "Connection", "keep-alive");
  if (!framing.keep_alive && framing.version >= 11) add_line(out, "Connection", "close");
  // What the body would have to a GET (RFC 9110 section 8.6).
  if (response.status != 204 && (response.status != 304 || framing.to_head))
    add_line(out, "Content-Length", std::to_string(response.body.size()));
  return out + "\r\n";
}

}  // namespace pratique::net
