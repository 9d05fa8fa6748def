// Credentials and the orders from which they come.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/crypto/revocation/revocation_reason.h"
#include "libs/pg/tx.h"
#include "services/registrar/domain/authority.h"
#include "services/registrar/domain/credential.h"

namespace pratique::registrar {

/// An order as it was given to the authority, and for whom. A key is ordered once, ever: by no other session or device.
struct StoredOrder {
  CertificateOrder order;
  DeviceId device;
  SessionId session;  // none: a renewal
  std::string profile;
  bool renewal = false;
  Timestamp create_time = {};
};

/// ALREADY_EXISTS DATABASE_ALREADY_EXISTS when the key was ordered before.
Result<void> insert_order(pg::Tx& tx, const StoredOrder& order);
/// What a key was ordered for before, if it was.
struct KeyUse {
  std::optional<StoredOrder> order;
  bool spent = false;  // it was, and the order was forgotten since (retention.h)
};
/// By the key's fingerprint (lower-case hex).
Result<KeyUse> find_key_use(pg::Tx& tx, std::string_view key_fingerprint);

Result<void> insert_credential(pg::Tx& tx, const Credential& credential);
Result<std::optional<Credential>> find_credential(pg::Tx& tx, const CredentialId& id);
/// By the whole certificate, DER.
Result<std::optional<Credential>> find_credential(pg::Tx& tx, ByteView certificate);
/// By what RADIUS servers see of it: lower-case hex; a serial number may lack its leading zero octet.
struct CertificateName {
  std::string authority_key_id;
  std::string serial;
};
Result<std::optional<Credential>> find_credential(pg::Tx& tx, const CertificateName& name);

/// The active one and the successor, as far as there are; locked. The caller locks the device first.
Result<std::vector<Credential>> lock_live_credentials(pg::Tx& tx, const DeviceId& device);
/// `why` is what relying parties are told of one that ended (revocations.h), `reason` what operators are.
Result<void> set_credential_state(pg::Tx& tx, const CredentialId& id, CredentialState state,
                                  crypto::RevocationReason why, std::string_view reason, Timestamp now);
/// Revokes all live credentials of a device that is reset or retired, and gives them as they were. The caller locks the
/// device first, and appends audit and events.
Result<std::vector<Credential>> revoke_credentials_of(pg::Tx& tx, const DeviceId& device, std::string_view reason,
                                                      Timestamp now);

struct CredentialFilter {
  DeviceId device = {};                        // empty: of any
  std::optional<CredentialState> state = {};   // as shown: `active` includes successors, `expired` goes by `now`
};
/// Newest first, those older than `after` (empty: from the newest).
Result<std::vector<Credential>> list_credentials(pg::Tx& tx, const CredentialFilter& filter, const CredentialId& after,
                                                 int limit, Timestamp now);

}  // namespace pratique::registrar
