// Certificates that opened a port while their device had another live one, until the registrar has heard of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/timestamp.h"
#include "libs/pg/tx.h"

namespace pratique::network {

struct CredentialUse {
  std::string authority_key_id;  // lower-case hex
  std::string serial;            // as network::Credential
};

/// Queued. Nothing where the device has no other live certificate, or where it waits to be told already.
Result<void> note_use(pg::Tx& tx, std::string_view authority_key_id, std::string_view serial, Timestamp now);
/// The oldest first.
Result<std::vector<CredentialUse>> list_uses(pg::Tx& tx, int limit);
Result<void> forget_use(pg::Tx& tx, const CredentialUse& use);

}  // namespace pratique::network
