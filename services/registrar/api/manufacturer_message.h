// Manufacturers and trust anchors on the wire.
#pragma once

#include "libs/base/result.h"
#include "pratique/registrar/v1/manufacturer.pb.h"
#include "services/registrar/domain/manufacturer.h"

namespace pratique::registrar {

v1::WireProfile message_of(WireProfile profile);
v1::TrustAnchor message_of(const TrustAnchor& anchor);
v1::Manufacturer message_of(const Manufacturer& manufacturer);
/// CERTIFICATE_INVALID, FIELD_INVALID, TIMESTAMP_INVALID. What is output only is not looked at.
Result<TrustAnchor> read_trust_anchor(const v1::TrustAnchor& message);
Result<Manufacturer> read_manufacturer(const v1::Manufacturer& message);

}  // namespace pratique::registrar
