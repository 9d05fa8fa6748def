// ASN.1 DER (X.690), read and written one level at a time; bounded by the input, without recursion.
//
//   der::Reader outer(bytes);
//   TRY(const auto sequence, outer.expect(der::kSequence, "CsrAttrs"));
//   TRY_VOID(outer.finish("CsrAttrs"));
//   for (der::Reader inner(sequence.content); !inner.at_end();) { TRY(const auto element, inner.next()); … }
//
// All errors are INVALID_ARGUMENT DER_INVALID; the message says what was expected and at which offset.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::der {

inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kNull = 0x05,
                              kOid = 0x06, kUtf8String = 0x0c, kPrintableString = 0x13, kIa5String = 0x16,
                              kSequence = 0x30, kSet = 0x31;
/// [n] constructed, n <= 30.
constexpr std::uint8_t context(unsigned n) { return static_cast<std::uint8_t>(0xa0 | n); }

/// Views into the input, which must outlive them.
struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // with tag and length
};

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  bool at_end() const { return offset_ == bytes_.size(); }
  /// The tag of the next element without taking it; 0 at the end.
  std::uint8_t peek() const { return at_end() ? std::uint8_t{0} : bytes_[offset_]; }
  /// The next element, whatever it is.
  Result<Element> next();
  /// The next element, which must have this tag; `what` names it in the error.
  Result<Element> expect(std::uint8_t tag, std::string_view what);
  /// Nothing may follow.
  Result<void> finish(std::string_view what) const;

 private:
  Error error(std::string_view what) const;

  ByteView bytes_;
  std::size_t offset_ = 0;
};

/// Contents to values. OID arcs up to 2^64-1, INTEGER from -2^63 to 2^63-1.
Result<std::string> decode_oid(ByteView content);
Result<std::int64_t> decode_integer(ByteView content);
Result<bool> decode_boolean(ByteView content);

/// One element around `content`.
Bytes element(std::uint8_t tag, ByteView content);
/// One element around the elements `parts`, in this order.
Bytes element_of(std::uint8_t tag, const std::vector<Bytes>& parts);
/// SET OF: the members sorted as DER asks (X.690 section 11.6).
Bytes set_of(std::vector<Bytes> members);
/// "1.2.840.113549.1.9.7" as an element; INVALID_ARGUMENT DER_INVALID when it is no OID.
Result<Bytes> oid(std::string_view dotted);
Bytes integer(std::int64_t value);
Bytes boolean(bool value);

}  // namespace pratique::der
