#include "services/network/app/admissions.h"

#include <algorithm>

#include "services/network/app/port_judgement.h"
#include "services/network/app/port_overview.h"
#include "services/network/storage/attempts.h"
#include "services/network/storage/ports.h"
#include "services/network/storage/sessions.h"
#include "services/network/storage/sites.h"

namespace pratique::network {
namespace {

Result<std::optional<PortOverview>> find_overview(pg::Tx& tx, const PortId& id) {
  auto port = overview_now(tx, id);
  if (port) return std::optional(*std::move(port));
  if (port.error().code == ErrorCode::not_found) return std::optional<PortOverview>();
  return std::move(port).error();
}

/// Those of the device, and those in which TLS saw no certificate: they are nobody's, and its address tells.
Result<std::vector<Attempt>> refusals_of(pg::Tx& tx, const DeviceId& device, const std::optional<MacAddress>& mac) {
  std::vector<Attempt> out;
  TRY(const auto named, list_attempts(tx, {.device = device, .accepted = false}, "", kMaxRefusals));
  for (const auto& one : named) out.push_back(one.attempt);
  if (!mac) return out;
  TRY(const auto by_address, list_attempts(tx, {.mac = mac, .accepted = false}, "", kMaxRefusals));
  for (const auto& one : by_address)
    if (one.attempt.device.empty()) out.push_back(one.attempt);
  std::ranges::stable_sort(out, std::ranges::greater(), &Attempt::last_time);
  out.resize(std::min<std::size_t>(out.size(), kMaxRefusals));
  return out;
}

Result<DeviceAdmission> look(pg::Tx& tx, const DeviceId& device, Timestamp now) {
  DeviceAdmission out;
  TRY(const auto allowed, load_allowed(tx, {&device, 1}));
  const auto grant = allowed.grants.find(device);
  if (grant == allowed.grants.end())
    return not_found("DEVICE_UNKNOWN", "the registrar has told of no device '" + device.name() + "'");
  out.grant = grant->second;
  TRY(const auto segments, load_segments(tx));
  std::vector<Credential> credentials;
  for (const auto& [name, credential] : allowed.credentials) credentials.push_back(credential);
  out.desired = desired_admission(out.grant, credentials, segments, now);
  TRY(const auto names, load_segment_names(tx));
  out.desired_segment = name_at(names, out.desired.vlan);

  TRY(auto open, list_sessions(tx, {.device = device, .open = true}, {}, kMaxPlaces));
  std::optional<MacAddress> mac;
  if (!open.empty()) mac = open.front().mac;
  for (auto& session : open) {
    TRY(auto port, find_overview(tx, session.port));
    const auto to_be = allowed_place(live_session(session), segments, allowed.grants, allowed.credentials);
    out.places.push_back(judge_place(std::move(session), std::move(port), to_be));
  }
  if (out.places.empty()) {
    TRY(auto ended, list_sessions(tx, {.device = device}, {}, 1));
    if (!ended.empty()) {
      mac = ended.front().mac;
      out.last_session = std::move(ended.front());
    }
  }
  TRY(out.refusals, refusals_of(tx, device, mac));
  return out;
}

}  // namespace

Result<DeviceAdmission> Admissions::get(const Call& call, const DeviceId& device) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return look(tx, device, clock_.now()); });
}

}  // namespace pratique::network
