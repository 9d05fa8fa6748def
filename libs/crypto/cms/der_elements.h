// Internal to this room: the outline of DER (X.690), for what OpenSSL decodes without telling: whether the input was
// DER at all (its decoder takes BER), and the version fields of SignedData and SignerInfo.
#pragma once

#include <optional>
#include <vector>

#include "libs/base/bytes.h"

namespace pratique::crypto::cms {

inline constexpr int kMaxDerDepth = 32;

/// `tag` is the first identifier octet: 0x30 SEQUENCE, 0x31 SET, 0xa0 [0] …
struct DerElement {
  std::uint8_t tag = 0;
  ByteView content;
};

/// The elements that follow each other in `bytes`; none where a length is indefinite, longer than need be, or past
/// the end.
std::optional<std::vector<DerElement>> der_elements(ByteView bytes);

/// One element, whole, and all within it likewise, kMaxDerDepth deep at most.
bool is_der(ByteView bytes);

}  // namespace pratique::crypto::cms
