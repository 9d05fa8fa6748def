// What one device may do and does, on the wire.
#pragma once

#include "pratique/network/v1/admission.pb.h"
#include "services/network/domain/admission.h"

namespace pratique::network {

v1::DeviceAdmission message_of(const DeviceAdmission& admission);

}  // namespace pratique::network
