// Sessions and attempts on the wire.
#pragma once

#include "pratique/network/v1/session.pb.h"
#include "services/network/domain/attempt.h"
#include "services/network/domain/session.h"

namespace pratique::network {

v1::Session message_of(const Session& session);
v1::Attempt message_of(const Attempt& attempt);

}  // namespace pratique::network
