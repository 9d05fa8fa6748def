// Events written in the transaction of the change that they tell of, and read from a cursor by WatchEvents.
//
// No reader skips an event. A plain sequence would let it: a transaction that took 5 may commit after one that took 6,
// and a reader that saw 6 never returns for 5. Here the number comes from one locked row (outbox_head): whoever
// appends holds that lock until its commit, so numbers become visible in order and without gaps. This costs nothing
// that NOTIFY does not cost already (PostgreSQL commits notifying transactions one at a time), it survives dump and
// restore (a bound by pg_snapshot_xmin does not), and a cursor is one number. The price is a rule: append LAST in a
// transaction, after the row locks of the change, so that the lock is held briefly and nobody deadlocks.
//
// DDL: the line "--@ outbox_v1" in a migration makes outbox and outbox_head in the service's schema.
// Wake-up: NOTIFY on channel outbox_channel(schema), without payload; it may be lost, so also read now and then.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/pg/tx.h"

namespace pratique::pg {

struct Event {
  std::string type;     // "device.authorized": a constant of the service's catalogue
  std::string subject;  // resource name, "devices/0193…"
  Bytes payload;        // the serialized API message
};

struct OutboxEvent {
  std::int64_t sequence = 0;  // 1, 2, 3, …
  Timestamp at;
  std::string type;
  std::string subject;
  Bytes payload;
};

inline constexpr std::size_t kMaxEventPayload = 256 * 1024;
inline constexpr int kMaxOutboxRead = 1'000;

std::string outbox_channel(std::string_view schema);  // "registrar_outbox"

namespace outbox {

/// Queued (tx.h). INVALID_ARGUMENT EVENT_TOO_LARGE above kMaxEventPayload.
Result<void> append(Tx& tx, const Event& event);
/// All of them, in this order, in one statement.
Result<void> append(Tx& tx, std::span<const Event> events);
/// Events after `cursor` (0 = from the first), oldest first, at most `limit` (1..kMaxOutboxRead).
/// OUT_OF_RANGE EVENT_CURSOR_TRIMMED: events after the cursor are gone; the reader must take a full listing anew.
/// OUT_OF_RANGE EVENT_CURSOR_AHEAD: the cursor was never given out by this database (it was restored from a backup).
Result<std::vector<OutboxEvent>> read(Tx& tx, std::int64_t cursor, int limit);
/// The last sequence given out; where a reader starts that wants only what is new.
Result<std::int64_t> head(Tx& tx);
/// The cursor before the oldest event that is kept; where a reader starts that wants all there is.
Result<std::int64_t> tail(Tx& tx);
/// Deletes events older than `before`, the oldest first and about `limit` at most: appending waits meanwhile. Their
/// number.
Result<std::int64_t> trim(Tx& tx, Timestamp before, int limit);

}  // namespace outbox
}  // namespace pratique::pg
