// HTTP requests and responses (RFC 9110) as plain values; the wire format stays inside this room.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/bytes.h"

namespace pratique::net::http {

/// Header fields in order (as received: those of one name together); names compare without regard to case.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// The first field of that name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  /// The first field of that name, or "".
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view{}); }
  bool contains(std::string_view name) const { return find(name).has_value(); }
  /// Replaces all fields of that name by one.
  void set(std::string_view name, std::string_view value);
  /// Adds one more.
  void add(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  const std::vector<Field>& fields() const { return fields_; }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

/// What a server's handler is given.
struct Request {
  std::string method;  // "GET", "POST", … as sent; case matters
  std::string target;  // the request target as sent
  std::string path;    // before '?', percent-escapes left as they are; starts with '/'
  std::string query;   // after '?', raw
  Headers headers;
  Bytes body;
  std::string peer;    // the connection's remote address, "192.0.2.7:49152" or "[2001:db8::7]:49152"

  /// The decoded value of a query parameter ("?a=b%20c" -> "b c"; '+' stays), or nothing. A parameter with a
  /// broken escape is as good as absent.
  std::optional<std::string> query_value(std::string_view name) const;
  /// The media type without its parameters, lower case: "application/pkcs10"; "" where there is none.
  std::string content_type() const;
};

/// What a handler answers and what a client is given. The server adds Content-Length, Date and Connection.
struct Response {
  int status = 200;
  Headers headers;
  Bytes body;

  std::string content_type() const;
  /// Retry-After in seconds (RFC 9110 section 10.2.3, the number form), or nothing.
  std::optional<std::int64_t> retry_after_seconds() const;
};

/// A response with a body of that type.
Response respond(int status, std::string_view content_type, ByteView body);
Response respond(int status, std::string_view content_type, std::string_view body);
/// A response whose body is one line of text, for errors.
Response respond_text(int status, std::string_view line);

/// RFC 9110 section 5.6.2: the characters of methods and field names.
bool is_token(std::string_view text);
/// No control characters (which could forge further header fields), at most kMaxFieldBytes.
bool is_field_value(std::string_view text);
inline constexpr std::size_t kMaxFieldBytes = 8192;

/// "Not Found" for 404; "" for a code without a registered phrase.
std::string_view reason_phrase(int status);

}  // namespace pratique::net::http
