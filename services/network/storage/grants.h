// What the registrar allows, as its events told it, and how far they were followed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/plan.h"

namespace pratique::network {

/// Written unless a newer one is there. True if it was written.
Result<bool> put_grant(pg::Tx& tx, const Grant& grant);
/// Likewise, by the cursor of the event that tells of it.
Result<bool> put_credential(pg::Tx& tx, const Credential& credential, std::int64_t cursor);
Result<std::optional<Grant>> find_grant(pg::Tx& tx, const DeviceId& device);
Result<std::optional<Credential>> find_credential(pg::Tx& tx, std::string_view authority_key_id,
                                                  std::string_view serial);
Result<std::vector<Credential>> list_credentials(pg::Tx& tx, const DeviceId& device);

/// What the judgement needs of these devices.
struct Allowed {
  Grants grants;
  Credentials credentials;
};
Result<Allowed> load_allowed(pg::Tx& tx, std::span<const DeviceId> devices);

struct FeedPlace {
  std::int64_t cursor = 0;
  bool started = false;  // a full listing was taken once
};
Result<FeedPlace> feed_place(pg::Tx& tx);
/// As feed_place; nobody else follows until the transaction ends.
Result<FeedPlace> lock_feed(pg::Tx& tx);
/// Before a full listing as of `cursor` is written: nothing that is here counts as newer (the registrar may have been
/// restored to an earlier time).
Result<void> rewind_feed(pg::Tx& tx, std::int64_t cursor);
Result<void> set_feed(pg::Tx& tx, std::int64_t cursor, Timestamp now);

/// After a full listing: what it did not name, and what is not newer than `cursor`, is excluded or not live any more.
/// The devices whom this concerns.
Result<std::vector<DeviceId>> exclude_unlisted(pg::Tx& tx, std::span<const DeviceId> listed, std::int64_t cursor,
                                               Timestamp now);
struct CredentialName {
  std::string authority_key_id;
  std::string serial;
};
Result<std::vector<DeviceId>> end_unlisted(pg::Tx& tx, std::span<const CredentialName> listed, std::int64_t cursor);

}  // namespace pratique::network
