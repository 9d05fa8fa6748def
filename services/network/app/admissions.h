// What one device may do on the network and what it does there, as of one moment. Looks, and changes nothing.
#pragma once

#include "libs/base/call.h"
#include "services/network/app/surroundings.h"
#include "services/network/domain/admission.h"

namespace pratique::network {

/// Open sessions that are told of, and refused logons.
inline constexpr int kMaxPlaces = 20, kMaxRefusals = 3;

class Admissions {
 public:
  explicit Admissions(Surroundings surroundings) : pool_(surroundings.pool), clock_(surroundings.clock) {}

  /// NOT_FOUND DEVICE_UNKNOWN: the registrar has told of no such device.
  Result<DeviceAdmission> get(const Call& call, const DeviceId& device);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
};

}  // namespace pratique::network
