// Internal to this room: certificates that this process read not long ago, by their DER. The same few (anchors, CAs, our
// replicas, the device of this very session) come again and again from TLS, gRPC, CMS and the database, and OpenSSL 3.0
// takes twice the time of a signature check to read one.
//
// What is kept is what parsing gave: an immutable value that says nothing of trust. Bounds: kMaxInterned certificates,
// the one not asked for longest leaves first, and none above kMaxInternedSize bytes; with OpenSSL's own structures that
// is 16 MiB at most, and about 3 MiB with certificates of the usual size. A peer that sends many certificates can push
// others out and so costs time, never memory or correctness. Thread-safe.
#pragma once

#include <optional>

#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxInterned = 1024;
inline constexpr std::size_t kMaxInternedSize = 4 << 10;  // bytes of DER

std::optional<Certificate> find_interned(ByteView der);
/// No effect when it is there already, or too large.
void intern(const Certificate& certificate);

}  // namespace pratique::crypto
