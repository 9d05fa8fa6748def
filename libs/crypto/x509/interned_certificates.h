// Internal to this room: certificates that this process read not long ago, by their DER. The same few (anchors, CAs,
// our replicas, the device of this very session) come again and again from TLS, gRPC, CMS and the database, and OpenSSL
// 3.0 takes twice the time of a signature check to read one.
//
// What is kept is what parsing gave: an immutable value that says nothing of trust. Bounds: kMaxInterned certificates,
// kMaxInternedBytes of DER in all, the one not asked for longest leaves first; none above kMaxInternedSize. One of the
// usual 600 bytes takes about 7 KiB with OpenSSL's own structures, so the table 6 MiB; one stuffed with the shortest of
// alternative names takes fifty times its DER, so that the worst that peers can fill it to is about 30 MiB. A peer that
// sends many certificates can push others out and so costs time, never correctness. Thread-safe.
#pragma once

#include <optional>

#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxInterned = 1024;
inline constexpr std::size_t kMaxInternedSize = 4 << 10;     // bytes of DER
inline constexpr std::size_t kMaxInternedBytes = 512 << 10;  // the same, of all

std::optional<Certificate> find_interned(ByteView der);
/// No effect when it is there already, or too large.
void intern(const Certificate& certificate);

}  // namespace pratique::crypto
