// How exact a manufacturer's devices and MASA are on the wire. Chosen per manufacturer, never by the peer.
//
// strict   what RFC 8366bis demands: CMS with eContentType id-ct-animaJSONVoucher, version 3, signed attributes;
//          nonces of 8 to 32 bytes; RFC 3339 times; the right root member. The default.
// lenient  also what is deployed (RFC 8995 appendix C itself, Minerva, Siemens, nqminds): eContentType id-data with
//          version 1, a body in base64 text, short nonces, dates without a time, the voucher's root in a request.
//          Each leniency that was used is recorded as a note. Security cost: id-data lets a signature made by the
//          same key for another purpose pass as a voucher; a short nonce is easier to meet by chance. What proves
//          identity and possession (signatures, chains, serial numbers, nonce equality) is never relaxed.
#pragma once

namespace pratique::voucher {

enum class WireProfile { strict, lenient };

}  // namespace pratique::voucher
