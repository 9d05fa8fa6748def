// What operators do with devices: announce, look, change, quarantine, release, retire, reset.
//
// Each change is one transaction with its audit entry and its event, and is done once for its request_id.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/credential.h"
#include "services/registrar/domain/credential_profile.h"
#include "services/registrar/storage/devices.h"

namespace pratique::registrar {

class Devices {
 public:
  Devices(Surroundings surroundings, const CredentialProfiles& profiles)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random), profiles_(profiles) {}

  /// Manufacturer, serial number, model and what operators change of `wanted` count. ALREADY_EXISTS DEVICE_EXISTS,
  /// NOT_FOUND MANUFACTURER_UNKNOWN, INVALID_ARGUMENT FIELD_INVALID.
  Result<Device> create(const Change& change, const Device& wanted);
  /// NOT_FOUND DEVICE_UNKNOWN.
  Result<Device> get(const Call& call, const DeviceId& id);
  /// The living device of that serial number, else the one retired last. NOT_FOUND DEVICE_UNKNOWN, FAILED_PRECONDITION
  /// SERIAL_AMBIGUOUS where several manufacturers have one.
  Result<Device> get_by_serial(const Call& call, std::string_view serial_number);
  Result<std::vector<Device>> list(const Call& call, const DeviceFilter& filter, const DeviceId& after, int limit);

  /// Given the device as it is (locked), says what it is to be, or why not (a stale etag). What operators change of the
  /// answer counts. May be called again when the transaction is.
  using Edit = std::function<Result<Device>(const Device& current)>;
  Result<Device> update(const Change& change, const DeviceId& id, const Edit& edit);

  // Each needs a reason, and is FAILED_PRECONDITION DEVICE_STATE_CONFLICT where device_state.h says so.
  Result<Device> quarantine(const Change& change, const DeviceId& id, std::string_view reason);
  Result<Device> release(const Change& change, const DeviceId& id, std::string_view reason);
  Result<Device> retire(const Change& change, const DeviceId& id, std::string_view reason);
  Result<Device> reset(const Change& change, const DeviceId& id, std::string_view reason);

 private:
  /// Gives the credentials that end by it, as they were.
  using Step = std::function<Result<std::vector<Credential>>(pg::Tx&, Device&, Timestamp now)>;
  /// Locks the device, lets `step` change it, and writes what was done: `verb` for the audit log, `event` for others.
  Result<Device> change_device(const Change& change, const DeviceId& id, std::string_view verb, std::string_view event,
                               std::string_view reason, const Step& step);
  Result<void> check(const Device& device) const;

  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  const CredentialProfiles& profiles_;
};

}  // namespace pratique::registrar
