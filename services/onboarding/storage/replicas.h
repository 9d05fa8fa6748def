// The registrar certificates that replicas of this service serve with right now.
#pragma once

#include <vector>

#include "libs/crypto/x509/certificate.h"
#include "libs/pg/tx.h"

namespace pratique::onboarding {

/// A replica says that it is here, with this certificate. It says so anew every few seconds.
Result<void> announce_replica(pg::Tx& tx, std::string_view name, const crypto::Certificate& certificate, Timestamp now);
/// Certificates of replicas heard of since.
Result<std::vector<crypto::Certificate>> active_replicas(pg::Tx& tx, Timestamp seen_since);
/// Forgets the ones that were not.
Result<std::int64_t> forget_replicas(pg::Tx& tx, Timestamp seen_before);

}  // namespace pratique::onboarding
