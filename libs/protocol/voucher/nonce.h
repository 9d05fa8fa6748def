// The nonce of a voucher request. It is kept and echoed as the text that came, because implementations differ in
// how they write it (base64, base64url without padding, hex digits that happen to be base64).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/random.h"
#include "libs/base/result.h"

namespace pratique::voucher {

inline constexpr std::size_t kMinNonceBytes = 8;    // RFC 8366: length 8..32
inline constexpr std::size_t kMaxNonceBytes = 32;
inline constexpr std::size_t kMadeNonceBytes = 16;  // of ours
inline constexpr std::size_t kMaxNonceText = 128;   // characters

class Nonce {
 public:
  /// INVALID_ARGUMENT NONCE_INVALID: empty or too long. Whether it conforms is judged apart.
  static Result<Nonce> parse(std::string_view text);
  static Nonce make(Random& random);

  const std::string& text() const { return text_; }
  /// The bytes behind the text; none where it is not base64 of either alphabet.
  const std::optional<Bytes>& bytes() const { return bytes_; }
  /// Base64 of 8 to 32 bytes, as a strict profile demands.
  bool conforms() const;
  /// The same text, or else the same bytes.
  bool matches(const Nonce& other) const;

 private:
  Nonce(std::string text, std::optional<Bytes> bytes) : text_(std::move(text)), bytes_(std::move(bytes)) {}
  std::string text_;
  std::optional<Bytes> bytes_;
};

}  // namespace pratique::voucher
