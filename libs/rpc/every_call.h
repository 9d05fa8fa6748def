// What is done for every call that a server answers, health and reflection included. Internal to this room.
#pragma once

#include <memory>
#include <string_view>

#include <grpcpp/support/server_interceptor.h>

namespace pratique::rpc {

/// The callback API does not tell a handler its method. It stands among the call's received metadata under this key,
/// which no client can send (HTTP/2 has no blank in a name).
inline constexpr std::string_view kMethodKey = "pratique method";

/// Puts the method there, and the version (version.h) into the answer.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> every_call();

}  // namespace pratique::rpc
