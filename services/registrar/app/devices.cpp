#include "services/registrar/app/devices.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/registrar/app/credential_facts.h"
#include "services/registrar/storage/approvals.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/credentials.h"
#include "services/registrar/storage/manufacturers.h"

namespace pratique::registrar {
namespace {

constexpr int kSerialNamesakes = 2;  // enough to see that there are several

Result<Device> by_name(pg::Tx& tx, std::string_view name) {
  TRY(const auto id, DeviceId::parse_name(name));
  return get_device(tx, id);
}

void take_editable(const Device& from, Device& to) {
  to.display_name = from.display_name;
  to.location = from.location;
  to.segment = from.segment;
  to.credential_profile = from.credential_profile;
  to.labels = from.labels;
}

/// "segment: 'a' -> 'b'", … for the audit log.
Facts differences(const Device& before, const Device& after) {
  Facts out;
  const auto compare = [&](std::string_view name, const std::string& a, const std::string& b) {
    if (a != b) out.emplace(name, "'" + a + "' -> '" + b + "'");
  };
  compare("display_name", before.display_name, after.display_name);
  compare("location", before.location, after.location);
  compare("segment", before.segment, after.segment);
  compare("credential_profile", before.credential_profile, after.credential_profile);
  for (const auto& [name, value] : after.labels) {
    const auto old = before.labels.find(name);
    compare("label " + name, old == before.labels.end() ? "" : old->second, value);
  }
  for (const auto& [name, value] : before.labels)
    if (!after.labels.contains(name)) compare("label " + name, value, "");
  return out;
}

/// Ends all that its onboardings left behind, and gives the credentials that it revoked.
Result<std::vector<Credential>> forget_onboarding(pg::Tx& tx, Device& device, std::string_view reason, Timestamp now) {
  TRY_VOID(close_approvals(tx, device.id, now));
  device.credential = {};
  return revoke_credentials_of(tx, device.id, reason, now);
}

}  // namespace

Result<void> Devices::check(const Device& device) const {
  TRY_VOID(check_device(device));
  if (!profiles_.has(device.credential_profile))
    return field_invalid("device.credential_profile", "no profile of this name is configured");
  return {};
}

Result<Device> Devices::create(const Change& change, const Device& wanted) {
  TRY_VOID(check(wanted));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Device> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY_VOID(get_manufacturer(tx, wanted.manufacturer));
      const Timestamp now = clock_.now();
      Device device{.id = DeviceId::make(clock_, random_), .manufacturer = wanted.manufacturer,
                    .serial_number = wanted.serial_number, .model = wanted.model, .authorized = true};
      take_editable(wanted, device);
      device.create_time = device.update_time = now;
      TRY(const bool inserted, insert_device(tx, device));
      if (!inserted)
        return Error{ErrorCode::already_exists, "DEVICE_EXISTS", "the manufacturer's serial number is registered"}.with(
            "serial_number", device.serial_number);
      const auto subject = device.id.name();
      TRY_VOID(append_audit(tx, {change.actor, "device.create", subject, "", device_facts(device)}, now));
      TRY_VOID(append_event(tx, "device.created", subject, device_facts(device)));
      return subject;
    }));
    return by_name(tx, name);
  });
}

Result<Device> Devices::get(const Call& call, const DeviceId& id) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return get_device(tx, id); });
}

Result<Device> Devices::get_by_serial(const Call& call, std::string_view serial_number) {
  TRY_VOID(check_text("serial_number", serial_number, kMaxSerialNumber, Presence::required));
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<Device> {
    TRY(auto found, find_devices(tx, serial_number, kSerialNamesakes));
    if (found.empty())
      return not_found("DEVICE_UNKNOWN", "no device has this serial number").with("serial_number", serial_number);
    const bool ambiguous = found.size() > 1 && found[1].state != DeviceState::retired &&
                           found[0].manufacturer != found[1].manufacturer;
    if (ambiguous)
      return failed_precondition("SERIAL_AMBIGUOUS", "several manufacturers have a device with this serial number")
          .with("serial_number", serial_number)
          .with("devices", found[0].id.name() + ", " + found[1].id.name());
    return std::move(found.front());
  });
}

Result<std::vector<Device>> Devices::list(const Call& call, const DeviceFilter& filter, const DeviceId& after,
                                          int limit) {
  TRY_VOID(check_text("search", filter.search, kMaxSearch, Presence::optional));
  TRY_VOID(check_text("segment", filter.segment, kMaxSegment, Presence::optional));
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return list_devices(tx, filter, after, limit); });
}

Result<Device> Devices::update(const Change& change, const DeviceId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Device> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto before, lock_device(tx, id));
      TRY(const auto wanted, edit(before));
      Device device = before;
      take_editable(wanted, device);
      TRY_VOID(check(device));
      const auto changed = differences(before, device);
      if (changed.empty()) return id.name();
      device.update_time = clock_.now();
      TRY_VOID(update_device(tx, device));
      TRY_VOID(append_audit(tx, {change.actor, "device.update", id.name(), "", changed}, device.update_time));
      TRY_VOID(append_event(tx, "device.updated", id.name(), device_facts(device)));
      return id.name();
    }));
    return by_name(tx, name);
  });
}

Result<Device> Devices::change_device(const Change& change, const DeviceId& id, std::string_view verb,
                                      std::string_view event, std::string_view reason, const Step& step) {
  TRY_VOID(check_text("reason", reason, kMaxReason, Presence::required));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Device> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      const Timestamp now = clock_.now();
      TRY(auto device, lock_device(tx, id));
      const auto before = device.state;
      TRY(const auto revoked, step(tx, device, now));
      device.update_time = now;
      TRY_VOID(update_device(tx, device));
      auto facts = device_facts(device);
      facts["reason"] = reason;
      facts["previous_state"] = to_string(before);
      TRY_VOID(append_audit(tx, {change.actor, std::string(verb), id.name(), std::string(reason), facts}, now));
      for (const auto& credential : revoked)
        TRY_VOID(append_audit(tx, {change.actor, "credential.revoke", credential.id.name(), std::string(reason),
                                   credential_facts(credential)}, now));
      TRY_VOID(append_event(tx, event, id.name(), facts));
      for (const auto& credential : revoked)
        TRY_VOID(append_event(tx, "credential.revoked", credential.id.name(), credential_facts(credential)));
      return id.name();
    }));
    return by_name(tx, name);
  });
}

Result<Device> Devices::quarantine(const Change& change, const DeviceId& id, std::string_view reason) {
  return change_device(change, id, "device.quarantine", "device.quarantined", reason,
                       [](pg::Tx&, Device& device, Timestamp) -> Result<std::vector<Credential>> {
    TRY(device.state, next_state(device.state, DeviceEvent::quarantine));
    return std::vector<Credential>{};
  });
}

Result<Device> Devices::release(const Change& change, const DeviceId& id, std::string_view reason) {
  return change_device(change, id, "device.release", "device.released", reason,
                       [](pg::Tx&, Device& device, Timestamp) -> Result<std::vector<Credential>> {
    const bool enrolled = !device.credential.empty() && !device.credential_revoked;
    TRY(device.state,
        next_state(device.state, enrolled ? DeviceEvent::release_enrolled : DeviceEvent::release_unenrolled));
    if (!enrolled) device.authorized = !device.credential_revoked;
    return std::vector<Credential>{};
  });
}

Result<Device> Devices::retire(const Change& change, const DeviceId& id, std::string_view reason) {
  return change_device(change, id, "device.retire", "device.retired", reason,
                       [&](pg::Tx& tx, Device& device, Timestamp now) -> Result<std::vector<Credential>> {
    TRY(device.state, next_state(device.state, DeviceEvent::retire));
    device.authorized = false;
    return forget_onboarding(tx, device, reason, now);
  });
}

Result<Device> Devices::reset(const Change& change, const DeviceId& id, std::string_view reason) {
  return change_device(change, id, "device.reset", "device.reset", reason,
                       [&](pg::Tx& tx, Device& device, Timestamp now) -> Result<std::vector<Credential>> {
    TRY(device.state, next_state(device.state, DeviceEvent::reset));
    device.authorized = true;
    device.credential_revoked = false;
    device.idevid_fingerprint.clear();  // it may come back with another IDevID
    device.granted_segment.clear();
    device.granted_profile.clear();
    device.decision = {};
    return forget_onboarding(tx, device, reason, now);
  });
}

}  // namespace pratique::registrar
