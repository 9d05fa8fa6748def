#include "libs/protocol/openflow/pending.h"

namespace pratique::openflow {

std::string_view name_of(PendingKind kind) {
  switch (kind) {
    case PendingKind::features: return "features request";
    case PendingKind::barrier: return "barrier request";
    case PendingKind::echo: return "echo request";
    case PendingKind::role: return "role request";
    case PendingKind::flows: return "flow statistics request";
    case PendingKind::tables: return "table statistics request";
    case PendingKind::ports: return "port description request";
    case PendingKind::description: return "description request";
    case PendingKind::order: return "order";
  }
  return "?";
}

std::optional<MultipartType> multipart_type(PendingKind kind) {
  switch (kind) {
    case PendingKind::flows: return MultipartType::flow;
    case PendingKind::tables: return MultipartType::table;
    case PendingKind::ports: return MultipartType::port_description;
    case PendingKind::description: return MultipartType::description;
    default: return std::nullopt;
  }
}

std::optional<MessageType> answer_type(PendingKind kind) {
  switch (kind) {
    case PendingKind::features: return MessageType::features_reply;
    case PendingKind::barrier: return MessageType::barrier_reply;
    case PendingKind::echo: return MessageType::echo_reply;
    case PendingKind::role: return MessageType::role_reply;
    case PendingKind::order: return std::nullopt;
    default: return MessageType::multipart_reply;
  }
}

}  // namespace pratique::openflow
