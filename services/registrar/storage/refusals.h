// Refusals that onboarding found, and what devices said of their vouchers and enrolments.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/decision.h"

namespace pratique::registrar {

Result<void> insert_refusal(pg::Tx& tx, const Refusal& refusal);
/// The newest by the same subject and main reason that was made after `since`.
Result<std::optional<Refusal>> find_same_refusal(pg::Tx& tx, const Refusal& like, Timestamp since);
Result<void> count_refusal(pg::Tx& tx, std::string_view id, const SessionId& session, Timestamp now);
/// Refusals of unregistered subjects made after `since`; counts up to kMaxUnprovenSubjects.
Result<std::int64_t> count_unregistered_refusals(pg::Tx& tx, Timestamp since);
/// Newest first; of a device, or of a serial number where `device` is empty.
Result<std::vector<Refusal>> list_refusals(pg::Tx& tx, const DeviceId& device, std::string_view serial_number,
                                           int limit);

/// One row a session and kind: what was said last.
Result<void> put_telemetry(pg::Tx& tx, const Telemetry& telemetry);
/// What was said before, if anything; locked.
Result<std::optional<Telemetry>> find_telemetry(pg::Tx& tx, const SessionId& session, TelemetryKind kind);
Result<std::vector<Telemetry>> list_telemetry(pg::Tx& tx, const DeviceId& device, int limit);

}  // namespace pratique::registrar
