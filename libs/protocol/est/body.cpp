#include "libs/protocol/est/body.h"

#include "libs/base/base64.h"
#include "libs/protocol/est/reasons.h"

namespace pratique::est {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
constexpr std::string_view kWhite = " \t\r\n";

// What stands between the first BEGIN line and its END line.
Result<std::string_view> inside_armour(std::string_view text) {
  const auto line_end = text.find(kDashes, kBegin.size());
  const auto end = line_end == std::string_view::npos ? line_end : text.find(kEnd, line_end);
  if (end == std::string_view::npos) return invalid(reason::kBodyNotBase64, "a PEM header without its end");
  const auto start = line_end + kDashes.size();
  return text.substr(start, end - start);
}

}  // namespace

std::string encode_body(ByteView der) { return base64_encode(der); }

Result<Bytes> decode_body(std::string_view body, std::size_t max_der) {
  if (body.size() > max_body(max_der))
    return Error{ErrorCode::invalid_argument, std::string(reason::kBodyTooLarge),
                 "a body is at most " + std::to_string(max_body(max_der)) + " bytes"};
  const auto start = body.find_first_not_of(kWhite);
  if (start == std::string_view::npos) return invalid(reason::kBodyEmpty, "the body is empty");
  Bytes der;
  if (body.front() == '0') {  // 30, a SEQUENCE as it is: base64 of one begins with 'M'
    der = to_bytes(body);
  } else {
    body.remove_prefix(start);
    if (body.starts_with(kBegin)) {
      TRY(body, inside_armour(body));
    }
    auto decoded = base64_decode_lenient(body);
    if (!decoded) return invalid(reason::kBodyNotBase64, decoded.error().message);
    der = *std::move(decoded);
  }
  if (der.empty()) return invalid(reason::kBodyEmpty, "the body is empty");
  if (der.size() > max_der)
    return invalid(reason::kBodyTooLarge, "a body decodes to at most " + std::to_string(max_der) + " bytes");
  return der;
}

}  // namespace pratique::est
