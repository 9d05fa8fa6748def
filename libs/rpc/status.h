// The one mapping between our Error and gRPC's status, both ways.
//
// On the wire an Error is its code, its message, and a google.rpc.Status in grpc-status-details-bin with one
// google.rpc.ErrorInfo{reason, domain, metadata = evidence}. For UNAVAILABLE and RESOURCE_EXHAUSTED a RetryInfo
// tells when to come again.
#pragma once

#include <string_view>

#include <grpcpp/support/status.h>

#include "libs/base/error.h"
#include "libs/base/result.h"

namespace pratique::rpc {

/// Domain of ErrorInfo: "<service>.pratique".
grpc::Status to_grpc_status(const Error& error, std::string_view domain);

/// The Error that a peer sent, or, where it sent no ErrorInfo (the library's own failures, strangers), one with
/// reason PEER_<CODE>. The peer's domain becomes evidence "peer_domain". `status` must not be OK.
Error from_grpc_status(const grpc::Status& status);

grpc::StatusCode to_grpc_code(ErrorCode code);
ErrorCode from_grpc_code(grpc::StatusCode code);

}  // namespace pratique::rpc
