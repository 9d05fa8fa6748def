// The tables that libs/pg owns in each service's schema, by the word of a migration's "--@" line. Released texts are
// frozen: a change is a new word (outbox_v2). For this room's own files.
#pragma once

#include <string_view>

namespace pratique::pg {

extern const std::string_view kOutboxV1;   // outbox.cpp
extern const std::string_view kRequestV1;  // idempotency.cpp

}  // namespace pratique::pg
