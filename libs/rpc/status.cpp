#include "libs/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

namespace pratique::rpc {
namespace {

// When a caller should come again after a full queue or a lost database.
constexpr int kRetryNanoseconds = 500'000'000;

// gRPC tells a failed handshake and a server without a certificate of our trust by the same few words.
bool may_be_handshake(std::string_view message) {
  return message.contains("Socket closed") || message.contains("Connection reset") || message.contains("handshake") ||
         message.contains("SSL") || message.contains("tsi");
}

}  // namespace

grpc::StatusCode to_grpc_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::unauthenticated: return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCode::permission_denied: return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::not_found: return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::already_exists: return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::failed_precondition: return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::aborted: return grpc::StatusCode::ABORTED;
    case ErrorCode::out_of_range: return grpc::StatusCode::OUT_OF_RANGE;
    case ErrorCode::resource_exhausted: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::unavailable: return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::deadline_exceeded: return grpc::StatusCode::DEADLINE_EXCEEDED;
    case ErrorCode::cancelled: return grpc::StatusCode::CANCELLED;
    case ErrorCode::unimplemented: return grpc::StatusCode::UNIMPLEMENTED;
    case ErrorCode::data_loss: return grpc::StatusCode::DATA_LOSS;
    case ErrorCode::internal: return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

ErrorCode from_grpc_code(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT: return ErrorCode::invalid_argument;
    case grpc::StatusCode::UNAUTHENTICATED: return ErrorCode::unauthenticated;
    case grpc::StatusCode::PERMISSION_DENIED: return ErrorCode::permission_denied;
    case grpc::StatusCode::NOT_FOUND: return ErrorCode::not_found;
    case grpc::StatusCode::ALREADY_EXISTS: return ErrorCode::already_exists;
    case grpc::StatusCode::FAILED_PRECONDITION: return ErrorCode::failed_precondition;
    case grpc::StatusCode::ABORTED: return ErrorCode::aborted;
    case grpc::StatusCode::OUT_OF_RANGE: return ErrorCode::out_of_range;
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return ErrorCode::resource_exhausted;
    case grpc::StatusCode::UNAVAILABLE: return ErrorCode::unavailable;
    case grpc::StatusCode::DEADLINE_EXCEEDED: return ErrorCode::deadline_exceeded;
    case grpc::StatusCode::CANCELLED: return ErrorCode::cancelled;
    case grpc::StatusCode::UNIMPLEMENTED: return ErrorCode::unimplemented;
    case grpc::StatusCode::DATA_LOSS: return ErrorCode::data_loss;
    default: return ErrorCode::internal;
  }
}

grpc::Status to_grpc_status(const Error& error, std::string_view domain) {
  google::rpc::Status status;
  status.set_code(to_grpc_code(error.code));
  status.set_message(error.message);
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain(std::string(domain));
  for (const auto& [key, value] : error.evidence) (*info.mutable_metadata())[key] = value;
  status.add_details()->PackFrom(info);
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::resource_exhausted) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(kRetryNanoseconds);
    status.add_details()->PackFrom(retry);
  }
  return {to_grpc_code(error.code), error.message, status.SerializeAsString()};
}

Error from_grpc_status(const grpc::Status& status) {
  const auto code = from_grpc_code(status.error_code());
  Error error{code, "PEER_" + std::string(to_string(code)), status.error_message()};
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
    for (const auto& detail : details.details()) {
      google::rpc::ErrorInfo info;
      if (!detail.Is<google::rpc::ErrorInfo>() || !detail.UnpackTo(&info) || info.reason().empty()) continue;
      error.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) error.evidence.emplace_back(key, value);
      error.evidence.emplace_back("peer_domain", info.domain());
      return error;
    }
  }
  if (code == ErrorCode::unavailable && may_be_handshake(error.message))
    error.message += " (a refused TLS handshake looks like this: check that each side has a valid certificate that the "
                     "other trusts)";
  return error;
}

}  // namespace pratique::rpc
