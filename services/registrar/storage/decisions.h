// Decisions, and who is known by which name while they repeat.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/decision.h"

namespace pratique::registrar {

/// After append_audit, whose entry's number it keeps.
Result<void> insert_decision(pg::Tx& tx, const Decision& decision);
Result<std::optional<Decision>> find_decision(pg::Tx& tx, const DecisionId& id);
/// The newest by the same subject, outcome, main reason, rule and approval that was made after `since`.
Result<std::optional<Decision>> find_same_decision(pg::Tx& tx, const Decision& like, Timestamp since);
/// It was given once more, to this session.
Result<void> count_decision(pg::Tx& tx, const DecisionId& id, const SessionId& session, Timestamp now);
/// Decisions about subjects whose identity was not proven, made after `since`; counts up to kMaxUnprovenSubjects.
Result<std::int64_t> count_unproven(pg::Tx& tx, Timestamp since);

/// Newest first; of a device, or of a serial number where `device` is empty.
Result<std::vector<Decision>> list_decisions(pg::Tx& tx, const DeviceId& device, std::string_view serial_number,
                                             int limit);

}  // namespace pratique::registrar
