// Requests that wait for their answers: what was asked, what may answer it, what has come of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/protocol/openflow/flow_stats.h"
#include "libs/protocol/openflow/message.h"
#include "libs/protocol/openflow/multipart.h"
#include "libs/protocol/openflow/port.h"
#include "libs/protocol/openflow/table_stats.h"

namespace pratique::openflow {

enum class PendingKind { features, barrier, echo, role, flows, tables, ports, description, order };
std::string_view name_of(PendingKind kind);
/// The type of message that answers; nothing for an order, which only an error can answer.
std::optional<MessageType> answer_type(PendingKind kind);
/// For questions by multipart.
std::optional<MultipartType> multipart_type(PendingKind kind);

struct Pending {
  PendingKind kind = PendingKind::order;
  // The parts of a multipart answer so far.
  std::size_t bytes = 0;
  std::vector<FlowStats> flows = {};
  std::vector<TableStats> tables = {};
  std::vector<Port> ports = {};
};

}  // namespace pratique::openflow
