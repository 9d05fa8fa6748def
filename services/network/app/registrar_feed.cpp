#include "services/network/app/registrar_feed.h"

#include <set>

#include "services/network/app/catalogue.h"
#include "services/network/storage/work.h"

namespace pratique::network {

RegistrarFeed::RegistrarFeed(Surroundings surroundings, const obs::Log& log, obs::Metrics& metrics)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      log_(log),
      handled_(metrics.counter(kFeedEvents, {"handled"})),
      unreadable_(metrics.counter(kFeedEvents, {"unreadable"})),
      listings_(metrics.counter(kFeedListings)),
      cursor_(metrics.gauge(kFeedCursor)) {}

Result<FeedPlace> RegistrarFeed::place(pg::Deadline deadline) {
  return pool_.look(deadline, [](pg::Tx& tx) { return feed_place(tx); });
}

Result<void> RegistrarFeed::take_in(pg::Tx& tx, const RegistrarEvent& event) {
  if (event.type == "credential.issued" || event.type == "credential.superseded" ||
      event.type == "credential.revoked") {
    const auto credential = read_credential(event);
    if (!credential) {
      unreadable_.add();
      log_.write(kFeedUnreadable, credential.error());
      return {};
    }
    TRY(const auto newer, put_credential(tx, *credential, event.cursor));
    if (newer) TRY_VOID(mark_ports_of_device(tx, credential->device, event.at));
    return {};
  }
  // Refusals and reports say nothing of a standing; decisions about unregistered devices have other subjects.
  if (!event.type.starts_with("device.") || !event.facts.contains("state")) return {};
  const auto grant = read_grant(event);
  if (!grant) {
    unreadable_.add();
    log_.write(kFeedUnreadable, grant.error());
    return {};
  }
  TRY(const auto before, find_grant(tx, grant->device));
  TRY(const auto newer, put_grant(tx, *grant));
  const bool changed = !before || before->standing != grant->standing || before->segment != grant->segment;
  if (newer && changed) TRY_VOID(mark_ports_of_device(tx, grant->device, event.at));
  return {};
}

Result<void> RegistrarFeed::handle(const RegistrarEvent& event, pg::Deadline deadline) {
  TRY_VOID(pool_.with(deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY(const auto place, lock_feed(tx));
    if (event.cursor <= place.cursor) return {};
    TRY_VOID(take_in(tx, event));
    return set_feed(tx, event.cursor, clock_.now());
  }));
  handled_.add();
  cursor_.set(static_cast<double>(event.cursor));
  return {};
}

Result<void> RegistrarFeed::resynchronise(Registrar& registrar, pg::Deadline deadline) {
  TRY(const auto listing, registrar.list());
  TRY_VOID(pool_.with(deadline, [&](pg::Tx& tx) -> Result<void> {
    const Timestamp now = clock_.now();
    TRY_VOID(lock_feed(tx));
    TRY_VOID(rewind_feed(tx, listing.cursor));
    std::set<DeviceId> concerned;
    std::vector<DeviceId> devices;
    std::vector<CredentialName> credentials;
    for (Grant grant : listing.grants) {
      grant.cursor = listing.cursor;
      TRY(const auto before, find_grant(tx, grant.device));
      if (!before || before->standing != grant.standing || before->segment != grant.segment)
        concerned.insert(grant.device);
      TRY_VOID(put_grant(tx, grant));
      devices.push_back(grant.device);
    }
    for (Credential credential : listing.credentials) {
      credential.serial = plain_serial(credential.serial);
      TRY(const auto before, find_credential(tx, credential.authority_key_id, credential.serial));
      if (!before || before->live != credential.live || before->device != credential.device)
        concerned.insert(credential.device);
      TRY_VOID(put_credential(tx, credential, listing.cursor));
      credentials.push_back({credential.authority_key_id, credential.serial});
    }
    TRY(const auto excluded, exclude_unlisted(tx, devices, listing.cursor, now));
    concerned.insert(excluded.begin(), excluded.end());
    TRY(const auto ended, end_unlisted(tx, credentials, listing.cursor));
    concerned.insert(ended.begin(), ended.end());
    for (const auto& device : concerned) TRY_VOID(mark_ports_of_device(tx, device, now));
    return set_feed(tx, listing.cursor, now);
  }));
  listings_.add();
  cursor_.set(static_cast<double>(listing.cursor));
  log_.write(kFeedListed, {{"devices", listing.grants.size()}, {"credentials", listing.credentials.size()}});
  return {};
}

}  // namespace pratique::network
