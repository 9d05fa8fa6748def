// Is the device one that its manufacturer made? Its IDevID chain against the anchors in force (RFC 8995 section 5.3).
//
// The leaf's notAfter is not looked at (an IDevID is for the life of the device, section 2.3); CAs must be in date.
// Possession of the key was proven by TLS before.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "services/registrar/domain/idevid.h"
#include "services/registrar/domain/manufacturer.h"

namespace pratique::registrar {

/// An anchor that may end the chain, and whether its manufacturer counts.
struct KnownAnchor {
  TrustAnchor anchor;
  bool manufacturer_disabled = false;
};

/// Codes: IDEVID_SERIAL_MISSING, MANUFACTURER_UNKNOWN, IDEVID_NOT_GENUINE (evidence "reason" is of libs/crypto/x509),
/// MANUFACTURER_DISABLED, and those of judge_anchor_scope.
struct Genuineness : Verdict {
  /// Whose device it claims to be with a chain that verifies; also where the verdict refuses for another reason.
  ManufacturerId manufacturer;
  TrustAnchorId anchor;
};

/// `candidates`: every anchor found by the keys of idevid.h, whatever its limits.
Genuineness judge_genuineness(const Idevid& idevid, std::span<const KnownAnchor> candidates, std::string_view protocol,
                              Timestamp now);

}  // namespace pratique::registrar
