// Every RPC that the running service has is called by callers who may not, and refused.
#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "pratique/registrar/v1/admission.pb.h"
#include "pratique/registrar/v1/approval.pb.h"
#include "pratique/registrar/v1/audit.pb.h"
#include "pratique/registrar/v1/credential.pb.h"
#include "pratique/registrar/v1/device.pb.h"
#include "pratique/registrar/v1/event.pb.h"
#include "pratique/registrar/v1/manufacturer.pb.h"
#include "pratique/registrar/v1/policy.pb.h"
#include "pratique/registrar/v1/voucher.pb.h"
#include "tests/integration/registrar/running_registrar_test.h"

using namespace pratique;
namespace v1 = pratique::registrar::v1;

namespace {

std::vector<const google::protobuf::MethodDescriptor*> all_methods() {
  std::vector<const google::protobuf::MethodDescriptor*> out;
  for (const auto* file :
       {v1::JudgeDeviceRequest::descriptor()->file(), v1::Approval::descriptor()->file(),
        v1::AuditEntry::descriptor()->file(), v1::Credential::descriptor()->file(), v1::Device::descriptor()->file(),
        v1::WatchEventsRequest::descriptor()->file(), v1::Manufacturer::descriptor()->file(),
        v1::Policy::descriptor()->file(), v1::Voucher::descriptor()->file()})
    for (int s = 0; s < file->service_count(); ++s)
      for (int m = 0; m < file->service(s)->method_count(); ++m) out.push_back(file->service(s)->method(m));
  return out;
}

// An empty request, by the method's path alone; a server stream that is refused ends like a unary call.
Result<void> call(const rpc::Peer& peer, const google::protobuf::MethodDescriptor& method) {
  grpc::GenericStub stub(peer.channel());
  grpc::ClientContext context;
  peer.prepare(context);
  grpc::CompletionQueue queue;
  const auto path = "/" + method.service()->full_name() + "/" + method.name();
  const auto exchange = stub.PrepareCall(&context, path, &queue);
  void* tag = nullptr;
  bool good = false;
  const auto done = [&](intptr_t expected) {
    REQUIRE(queue.Next(&tag, &good));
    REQUIRE(tag == reinterpret_cast<void*>(expected));
    return good;
  };
  exchange->StartCall(reinterpret_cast<void*>(1));
  if (done(1)) {
    grpc::Slice nothing("", 0);
    exchange->WriteLast(grpc::ByteBuffer(&nothing, 1), {}, reinterpret_cast<void*>(2));
    (void)done(2);
    grpc::ByteBuffer answer;
    exchange->Read(&answer, reinterpret_cast<void*>(3));
    (void)done(3);
    if (method.server_streaming() && good) context.TryCancel();
  }
  grpc::Status status;
  exchange->Finish(&status, reinterpret_cast<void*>(4));
  (void)done(4);
  return peer.judge(status);
}

}  // namespace

TEST_CASE("every RPC of the registrar refuses whoever has no line for it") {
  RunningRegistrar registrar;
  registrar.start();
  const auto methods = all_methods();
  CHECK(methods.size() >= 40);
  for (const auto* method : methods) {
    // A service that nobody knows may read the CA's certificates and follow events, as every service may.
    const bool any_service =
        method->name() == "GetAuthority" || method->name() == "WatchEvents" || method->name() == "GetCursor";
    for (const std::string who : {"operators/nobody", "services/stranger-1"}) {
      if (any_service && who.starts_with("services/")) continue;
      INFO(method->full_name() << " by " << who);
      const auto answer = call(registrar.as(who), *method);
      REQUIRE_FALSE(answer);
      CHECK(answer.error().code == ErrorCode::permission_denied);
      CHECK(answer.error().reason == "CALLER_NOT_ALLOWED");  // METHOD_NOT_LISTED: a line is missing in api/access.cpp
    }
  }
}

TEST_CASE("operators do what their role allows, and services what is theirs") {
  RunningRegistrar registrar;
  registrar.start();
  int denied = 0;
  for (const auto* method : all_methods()) {
    INFO(method->full_name());
    if (method->server_streaming()) continue;
    const auto refused = [&](const std::string& who) {
      const auto answer = call(registrar.as(who), *method);
      return !answer && answer.error().code == ErrorCode::permission_denied;
    };
    const bool admission = method->service()->name() == "Admission";
    CHECK(refused("operators/ada") == admission);  // not even an admin speaks for a device
    const std::string& name = method->name();
    const bool any_service = name == "GetAuthority" || name == "GetCursor";
    CHECK(refused("services/onboarding-1") == !(admission || any_service));
    CHECK(refused("services/network-1") == !(any_service || name == "ListDevices" || name == "ListCredentials" ||
                                             name == "IdentifyCredential"));
    const bool looks_only = name.starts_with("Get") || name.starts_with("List") || name == "ExplainDevice" ||
                            name == "TestPolicies" || name == "VerifyAudit";
    CHECK(refused("operators/vic") == (admission || !looks_only));
    denied += refused("operators/olga") ? 1 : 0;
  }
  CHECK(denied > 7);  // Admission, and what only admins may
}
