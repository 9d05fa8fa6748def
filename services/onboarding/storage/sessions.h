// Sessions in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/crypto/primitives/envelope.h"
#include "libs/pg/tx.h"
#include "services/onboarding/domain/session.h"

namespace pratique::onboarding {

/// The session of these request bytes, made anew (state authorizing) where there is none; locked until the
/// transaction ends, so that two replicas never work on one request at once.
Result<Session> find_or_create_session(pg::Tx& tx, const Session& fresh);

/// One that is known to be there, locked. NOT_FOUND DATABASE_NO_ROW where it was forgotten meanwhile.
Result<Session> lock_session(pg::Tx& tx, const SessionId& id);
Result<std::optional<Session>> find_session(pg::Tx& tx, const SessionId& id);
/// The newest session of a device, by the key of its IDevID.
Result<std::optional<Session>> find_session_by_key(pg::Tx& tx, ByteView idevid_key);
Result<std::optional<Session>> lock_session_by_key(pg::Tx& tx, ByteView idevid_key);
/// The session in which this certificate was issued.
Result<std::optional<Session>> lock_session_by_credential(pg::Tx& tx, ByteView credential_digest);
/// The newest session of a registered device.
Result<std::optional<Session>> lock_session_by_device(pg::Tx& tx, std::string_view device);

/// What a session keeps beside its facts: the voucher as the MASA sent it, and our request for it.
struct SessionPapers {
  Bytes voucher;
  Bytes voucher_request;
};
/// Writes everything but id, request_digest, idevid_key and created_at; the papers where they are given.
Result<void> update_session(pg::Tx& tx, const Session& session);
Result<void> update_session(pg::Tx& tx, const Session& session, const SessionPapers& papers,
                            const crypto::Envelope& envelope);
/// FAILED_PRECONDITION SESSION_WITHOUT_VOUCHER.
Result<SessionPapers> load_papers(pg::Tx& tx, const SessionId& id, const crypto::Envelope& envelope);

struct SessionFilter {
  std::optional<SessionState> state;
  std::string device;  // empty: all
};
/// Newest first; `after` is the last session of the page before.
Result<std::vector<Session>> list_sessions(pg::Tx& tx, const SessionFilter& filter, const std::optional<Session>& after,
                                           int limit);

/// Ends open sessions that were not heard of for too long; their number.
Result<std::int64_t> expire_sessions(pg::Tx& tx, Timestamp now);
/// Deletes sessions that ended before; their number.
Result<std::int64_t> forget_sessions(pg::Tx& tx, Timestamp ended_before);

}  // namespace pratique::onboarding
