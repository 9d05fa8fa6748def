#include "libs/crypto/revocation/ocsp_request.h"

#include <utility>

#include "libs/base/base64.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/ocsp_nonce.h"

namespace pratique::crypto::ocsp {
namespace {

Error extension_unknown(const std::string& oid) {
  return invalid("OCSP_EXTENSION_UNKNOWN", "critical extension " + oid + " is not known");
}

Result<CertId> read_one(ByteView content) {
  der::Reader parts(content);
  TRY(const auto id, parts.expect(der::kSequence, "reqCert"));
  if (parts.peek() == der::context(0)) {
    TRY(const auto tagged, parts.next());
    TRY(const auto extensions, read_message_extensions(tagged.content, kMaxRequestExtensions));
    if (!extensions.unknown_critical.empty()) return extension_unknown(extensions.unknown_critical.front());
  }
  TRY_VOID(parts.finish("Request"));
  return parse_cert_id(id.content);
}

Result<void> read_version(der::Reader& parts) {
  if (parts.peek() != der::context(0)) return {};
  TRY(const auto tagged, parts.next());
  der::Reader inside(tagged.content);
  TRY(const auto version, inside.expect(der::kInteger, "version"));
  TRY(const auto number, der::decode_integer(version.content));
  if (number != 0) return invalid("DER_INVALID", "a version other than 1");
  return inside.finish("version");
}

Result<Request> read(ByteView der) {
  der::Reader outer(der);
  TRY(const auto message, outer.expect(der::kSequence, "OCSPRequest"));
  TRY_VOID(outer.finish("OCSPRequest"));
  der::Reader parts(message.content);
  TRY(const auto tbs, parts.expect(der::kSequence, "tbsRequest"));
  Request out;
  if (parts.peek() == der::context(0)) {
    TRY_VOID(parts.next());
    out.is_signed = true;
  }
  TRY_VOID(parts.finish("optionalSignature"));

  der::Reader inside(tbs.content);
  TRY_VOID(read_version(inside));
  if (inside.peek() == der::context(1)) TRY_VOID(inside.next());  // requestorName
  TRY(const auto list, inside.expect(der::kSequence, "requestList"));
  for (der::Reader each(list.content); !each.at_end();) {
    if (out.certificates.size() == kMaxRequestCertificates)
      return invalid("OCSP_REQUEST_TOO_MANY", "a request is limited to 16 certificates");
    TRY(const auto one, each.expect(der::kSequence, "Request"));
    TRY(auto id, read_one(one.content));
    out.certificates.push_back(std::move(id));
  }
  if (out.certificates.empty()) return invalid("DER_INVALID", "a request for no certificate");
  if (inside.peek() == der::context(2)) {
    TRY(const auto tagged, inside.next());
    TRY(auto extensions, read_message_extensions(tagged.content, kMaxRequestExtensions));
    if (!extensions.unknown_critical.empty()) return extension_unknown(extensions.unknown_critical.front());
    out.nonce = std::move(extensions.nonce);
  }
  TRY_VOID(inside.finish("tbsRequest"));
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Request> parse_request(ByteView der) {
  if (der.size() > kMaxRequestSize) return invalid("OCSP_REQUEST_TOO_LARGE", "a request is limited to 8 KiB");
  auto out = read(der);
  if (out || out.error().reason != "DER_INVALID") return out;
  return invalid("OCSP_REQUEST_INVALID", "not a DER OCSP request: " + out.error().message);
}

Result<Bytes> encode_request(std::span<const CertId> certificates, std::optional<ByteView> nonce) {
  if (certificates.empty() || certificates.size() > kMaxRequestCertificates)
    return invalid("OCSP_REQUEST_TOO_MANY", "a request is for 1 to 16 certificates");
  std::vector<Bytes> list;
  for (const auto& id : certificates) {
    TRY(Bytes encoded, encode_cert_id(id));
    list.push_back(der::element(der::kSequence, encoded));
  }
  std::vector<Bytes> parts{der::element_of(der::kSequence, list)};
  if (nonce) {
    TRY(const Bytes extensions, encode_nonce(*nonce));
    parts.push_back(der::element(der::context(2), extensions));
  }
  return der::element(der::kSequence, der::element_of(der::kSequence, parts));
}

Result<Bytes> parse_get_path(std::string_view rest_of_path) {
  if (rest_of_path.size() > kMaxGetPath) return invalid("OCSP_REQUEST_TOO_LARGE", "a request is limited to 8 KiB");
  // DER begins with 0x30, so its base64 with "M": slashes before it are of the path.
  while (rest_of_path.starts_with('/')) rest_of_path.remove_prefix(1);
  std::string text;
  for (std::size_t at = 0; at < rest_of_path.size(); ++at) {
    if (rest_of_path[at] != '%') {
      text += rest_of_path[at];
      continue;
    }
    const int high = at + 2 < rest_of_path.size() ? hex_value(rest_of_path[at + 1]) : -1;
    const int low = high >= 0 ? hex_value(rest_of_path[at + 2]) : -1;
    if (low < 0) return invalid("OCSP_REQUEST_INVALID", "a broken percent sign at position " + std::to_string(at));
    text += static_cast<char>(high << 4 | low);
    at += 2;
  }
  auto der = base64_decode_lenient(text);
  if (!der) return invalid("OCSP_REQUEST_INVALID", "the path: " + der.error().message);
  return der;
}

std::string encode_get_path(ByteView request) {
  std::string out;
  for (const char c : base64_encode(request)) {
    if (c == '+') out += "%2B";
    else if (c == '/') out += "%2F";
    else if (c == '=') out += "%3D";
    else out += c;
  }
  return out;
}

}  // namespace pratique::crypto::ocsp
