#include "libs/pg/outbox.h"

#include <fmt/format.h>

#include "libs/pg/fragments.h"

namespace pratique::pg {

const std::string_view kOutboxV1 = R"sql(
CREATE TABLE outbox_head (
  only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  sequence        bigint NOT NULL DEFAULT 0,
  trimmed_through bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO outbox_head DEFAULT VALUES;
CREATE TABLE outbox (
  sequence bigint PRIMARY KEY,
  at       timestamptz NOT NULL,
  type     text NOT NULL,
  subject  text NOT NULL,
  payload  bytea NOT NULL
);
)sql";

namespace {

// The time is taken after the head row's lock, so it rises with the sequence.
constexpr Statement kAppend{"pg_outbox_append", R"sql(
WITH head AS (UPDATE outbox_head SET sequence = sequence + 1 RETURNING sequence),
     put AS (INSERT INTO outbox (sequence, at, type, subject, payload)
             SELECT sequence, clock_timestamp(), $1, $2, $3 FROM head RETURNING sequence)
SELECT pg_notify(current_schema() || '_outbox', '') FROM put)sql"};

constexpr Statement kAppendAll{"pg_outbox_append_all", R"sql(
WITH head AS (UPDATE outbox_head SET sequence = sequence + cardinality($1::text[]) RETURNING sequence),
     put AS (INSERT INTO outbox (sequence, at, type, subject, payload)
             SELECT head.sequence - cardinality($1::text[]) + e.n, clock_timestamp(), e.type, e.subject, e.payload
             FROM head, unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS e (type, subject, payload, n)
             RETURNING sequence)
SELECT pg_notify(current_schema() || '_outbox', '') FROM (SELECT FROM put LIMIT 1) one)sql"};

// One statement, so that head and events are of one snapshot in any isolation.
constexpr Statement kRead{"pg_outbox_read", R"sql(
SELECT head.sequence AS head, head.trimmed_through, o.sequence, o.at, o.type, o.subject, o.payload
FROM outbox_head head
LEFT JOIN LATERAL (SELECT * FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2) o ON true
ORDER BY o.sequence)sql"};

constexpr Statement kHead{"pg_outbox_head", "SELECT sequence FROM outbox_head"};
constexpr Statement kTail{"pg_outbox_tail", "SELECT trimmed_through FROM outbox_head"};

// Only a beginning is cut off, so that what remains has no hole even where the clock once went back.
constexpr Statement kTrim{"pg_outbox_trim", R"sql(
WITH locked AS (SELECT sequence FROM outbox_head FOR UPDATE),
     kept AS (SELECT min(sequence) AS first FROM outbox WHERE at >= $1),
     gone AS (DELETE FROM outbox USING locked, kept
              WHERE outbox.sequence < least(coalesce(kept.first, locked.sequence + 1),
                                            (SELECT min(sequence) FROM outbox) + $2) RETURNING outbox.sequence),
     mark AS (UPDATE outbox_head SET trimmed_through = greatest(trimmed_through, (SELECT max(sequence) FROM gone))
              WHERE EXISTS (SELECT FROM gone))
SELECT count(*) AS gone FROM gone)sql"};

Result<void> check_size(const Event& event) {
  if (event.payload.size() <= kMaxEventPayload) return {};
  return invalid("EVENT_TOO_LARGE", fmt::format("the payload of event '{}' has {} bytes, limit {}", event.type,
                                                event.payload.size(), kMaxEventPayload));
}

}  // namespace

std::string outbox_channel(std::string_view schema) { return std::string(schema) + "_outbox"; }

namespace outbox {

Result<void> append(Tx& tx, const Event& event) {
  TRY_VOID(check_size(event));
  return tx.queue(kAppend, event.type, event.subject, event.payload);
}

Result<void> append(Tx& tx, std::span<const Event> events) {
  if (events.empty()) return {};
  std::vector<std::string> types, subjects, payloads;
  for (const auto& event : events) {
    TRY_VOID(check_size(event));
    types.push_back(event.type);
    subjects.push_back(event.subject);
    payloads.push_back(Param(event.payload).text());
  }
  return tx.queue(kAppendAll, types, subjects, payloads);
}

Result<std::vector<OutboxEvent>> read(Tx& tx, std::int64_t cursor, int limit) {
  if (cursor < 0 || limit < 1 || limit > kMaxOutboxRead)
    return invalid("EVENT_READ_INVALID", fmt::format("cursor {} or limit {} is out of range", cursor, limit));
  TRY(const auto rows, tx.run(kRead, cursor, limit));
  if (rows.empty()) return internal("OUTBOX_HEAD_MISSING", "table outbox_head has lost its row");
  if (const auto head = rows.front().integer("head"); cursor > head)
    return Error{ErrorCode::out_of_range, "EVENT_CURSOR_AHEAD",
                 fmt::format("cursor {} was never given out, the last event is {}", cursor, head)};
  if (const auto trimmed = rows.front().integer("trimmed_through"); cursor < trimmed)
    return Error{ErrorCode::out_of_range, "EVENT_CURSOR_TRIMMED",
                 fmt::format("events up to {} are no longer kept, the cursor is {}", trimmed, cursor)};
  std::vector<OutboxEvent> out;
  for (const Row row : rows) {
    if (row.is_null("sequence")) break;  // nothing after the cursor: the head stands alone
    out.push_back({row.integer("sequence"), row.timestamp("at"), row.text("type"), row.text("subject"),
                   row.bytes("payload")});
  }
  return out;
}

Result<std::int64_t> head(Tx& tx) {
  TRY(const auto row, tx.run_one(kHead));
  return row.integer("sequence");
}

Result<std::int64_t> tail(Tx& tx) {
  TRY(const auto row, tx.run_one(kTail));
  return row.integer("trimmed_through");
}

Result<std::int64_t> trim(Tx& tx, Timestamp before, int limit) {
  TRY(const auto row, tx.run_one(kTrim, before, limit));
  return row.integer("gone");
}

}  // namespace outbox
}  // namespace pratique::pg
