#include "libs/rpc/version.h"

#include <grpcpp/client_context.h>

namespace pratique::rpc {

std::string version_of(const grpc::ClientContext& context) {
  const auto& answered = context.GetServerTrailingMetadata();
  const auto found = answered.find(grpc::string_ref(kVersionKey.data(), kVersionKey.size()));
  return found == answered.end() ? std::string() : std::string(found->second.data(), found->second.size());
}

}  // namespace pratique::rpc
