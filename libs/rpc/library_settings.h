// Internal to this room: what is set once a process in the gRPC library, before its first use.
#pragma once

namespace pratique::rpc {

/// Harmless when called again.
void apply_library_settings();

}  // namespace pratique::rpc
