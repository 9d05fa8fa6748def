#include "libs/rpc/every_call.h"

#include "libs/rpc/version.h"
#include "libs/runtime/build_version.h"

namespace pratique::rpc {
namespace {

namespace experimental = grpc::experimental;
using Hook = experimental::InterceptionHookPoints;

class EveryCall final : public experimental::Interceptor {
 public:
  explicit EveryCall(const char* method) : method_(method) {}
  void Intercept(experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(Hook::POST_RECV_INITIAL_METADATA))
      if (auto* received = methods->GetRecvInitialMetadata())
        received->insert({grpc::string_ref(kMethodKey.data(), kMethodKey.size()), grpc::string_ref(method_)});
    if (methods->QueryInterceptionHookPoint(Hook::PRE_SEND_STATUS))
      if (auto* sent = methods->GetSendTrailingMetadata()) sent->emplace(kVersionKey, runtime::build_version());
    methods->Proceed();
  }

 private:
  const char* method_;  // the generated service's, which outlives its calls
};

class Factory final : public experimental::ServerInterceptorFactoryInterface {
 public:
  experimental::Interceptor* CreateServerInterceptor(experimental::ServerRpcInfo* info) override {
    return new EveryCall(info->method());
  }
};

}  // namespace

std::unique_ptr<experimental::ServerInterceptorFactoryInterface> every_call() { return std::make_unique<Factory>(); }

}  // namespace pratique::rpc
