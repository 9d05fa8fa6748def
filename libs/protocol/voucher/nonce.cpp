#include "libs/protocol/voucher/nonce.h"

#include "libs/base/base64.h"

namespace pratique::voucher {

Result<Nonce> Nonce::parse(std::string_view text) {
  if (text.empty()) return invalid("NONCE_INVALID", "the nonce is empty");
  if (text.size() > kMaxNonceText)
    return invalid("NONCE_INVALID", "the nonce has more than " + std::to_string(kMaxNonceText) + " characters");
  auto bytes = base64_decode_lenient(text);
  return Nonce(std::string(text), bytes ? std::optional(*std::move(bytes)) : std::nullopt);
}

Nonce Nonce::make(Random& random) {
  auto bytes = random.bytes(kMadeNonceBytes);
  auto text = base64_encode(bytes);
  return Nonce(std::move(text), std::move(bytes));
}

bool Nonce::conforms() const { return bytes_ && bytes_->size() >= kMinNonceBytes && bytes_->size() <= kMaxNonceBytes; }

bool Nonce::matches(const Nonce& other) const {
  if (text_ == other.text_) return true;
  return bytes_ && other.bytes_ && *bytes_ == *other.bytes_;
}

}  // namespace pratique::voucher
