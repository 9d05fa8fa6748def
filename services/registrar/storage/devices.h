// Devices. Whoever changes one locks its row first: all that happens to a device happens in order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/device.h"

namespace pratique::registrar {

/// False if the manufacturer has a living device with this serial number: nothing was written.
Result<bool> insert_device(pg::Tx& tx, const Device& device);
Result<std::optional<Device>> find_device(pg::Tx& tx, const DeviceId& id);
/// NOT_FOUND DEVICE_UNKNOWN.
Result<Device> get_device(pg::Tx& tx, const DeviceId& id);
/// As get_device; nobody else changes it until the transaction ends.
Result<Device> lock_device(pg::Tx& tx, const DeviceId& id);
/// lock_device and touch_device in one.
Result<Device> lock_seen_device(pg::Tx& tx, const DeviceId& id, Timestamp now);
/// The living device of that serial number, else the one that was retired last; locked.
Result<std::optional<Device>> lock_device_at_door(pg::Tx& tx, const ManufacturerId& manufacturer,
                                                  std::string_view serial_number);
/// Of any manufacturer: the living ones, else those that were retired, newest first; at most `limit`.
Result<std::vector<Device>> find_devices(pg::Tx& tx, std::string_view serial_number, int limit);

/// Writes everything but identity, create_time and version, which grows by one (in `device` too). The row is locked.
Result<void> update_device(pg::Tx& tx, Device& device);
/// It was heard of: last_seen_time alone.
Result<void> touch_device(pg::Tx& tx, const DeviceId& id, Timestamp now);

/// Its credential was issued: state ADMITTED, credential set, its onboarding counted and its approval closed. In the
/// transaction that issues; the caller appends audit entry and event "device.admitted" (device_facts).
/// FAILED_PRECONDITION DEVICE_STATE_CONFLICT unless it is onboarding or admitted. The device as it is then.
Result<Device> admit_device(pg::Tx& tx, const DeviceId& id, const CredentialId& credential, Timestamp now);
/// It was seen with a renewed credential, whatever its state is. The device as it is then.
Result<Device> set_device_credential(pg::Tx& tx, const DeviceId& id, const CredentialId& credential, Timestamp now);
/// An operator revoked a credential of its: it may not onboard until it is reset. The row is locked. The device as it
/// is then.
Result<Device> mark_credential_revoked(pg::Tx& tx, const DeviceId& id, Timestamp now);

struct DeviceFilter {
  std::optional<DeviceState> state = {};
  ManufacturerId manufacturer = {};
  std::string segment = {};  // where it lives: the operator's word, else policy's
  std::string search = {};   // part of serial number, model or display name; upper and lower case alike
};
/// Newest first, those older than `after` (empty: from the newest).
Result<std::vector<Device>> list_devices(pg::Tx& tx, const DeviceFilter& filter, const DeviceId& after, int limit);

}  // namespace pratique::registrar
