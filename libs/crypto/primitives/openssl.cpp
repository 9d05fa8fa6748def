#include "libs/crypto/primitives/openssl.h"

#include <openssl/err.h>

#include <array>

namespace pratique::crypto {

std::string take_openssl_error() {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code = ERR_peek_last_error_data(&data, &flags);
  if (code == 0) return {};
  std::string text;
  if (const char* reason = ERR_reason_error_string(code)) {
    text = reason;
  } else {
    std::array<char, 256> buffer{};
    ERR_error_string_n(code, buffer.data(), buffer.size());
    text = buffer.data();
  }
  if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0') text += std::string(" (") + data + ")";
  ERR_clear_error();
  return text;
}

Error openssl_error(ErrorCode code, std::string_view reason, std::string_view what) {
  Error error{.code = code, .reason = std::string(reason), .message = std::string(what)};
  if (const auto detail = take_openssl_error(); !detail.empty()) error.message += ": " + detail;
  return error;
}

BioPtr reading_bio(ByteView bytes) {
  // A null address is an error to OpenSSL even where nothing is to be read.
  const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  return BioPtr(BIO_new_mem_buf(data, static_cast<int>(bytes.size())));
}

Bytes bio_bytes(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  if (size <= 0) return {};
  return to_bytes(std::string_view(data, static_cast<std::size_t>(size)));
}

}  // namespace pratique::crypto
