// Sessions on the network, and attempts at ports, for people.
#pragma once

#include <string>

#include <pratique/network/v1/session.pb.h>

#include "tools/pratique/context.h"

namespace pratique::cli {

/// "hall-1/p3", as they were called then; where a switch or port is not registered, what RADIUS called it.
std::string place_text(const network::v1::Session& session);
std::string place_text(const network::v1::Attempt& attempt);

void print_sessions(Context& context, const network::v1::ListSessionsResponse& sessions);
void print_session(Context& context, const network::v1::Session& session);
void print_attempts(Context& context, const network::v1::ListAttemptsResponse& attempts);

}  // namespace pratique::cli
