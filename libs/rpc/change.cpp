#include "libs/rpc/change.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include <memory>

#include "libs/crypto/primitives/digest.h"
#include "libs/rpc/request_id.h"

namespace pratique::rpc {
namespace {

Bytes hash_of(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream out(&bytes);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  return crypto::sha256(as_bytes(bytes));
}

}  // namespace

Call to_call(const CallContext& call) { return {call.caller.text(), std::chrono::steady_clock::now() + call.left()}; }

Result<Change> to_change(const CallContext& call, const google::protobuf::Message& request) {
  Change change{to_call(call), {}, call.method, {}};
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  const auto* reflection = request.GetReflection();
  std::unique_ptr<google::protobuf::Message> rest(request.New());
  rest->CopyFrom(request);
  if (field != nullptr) {
    TRY(const auto id, parse_request_id(reflection->GetString(request, field)));
    change.request_id = id.value_or("");
    reflection->ClearField(rest.get(), field);
  }
  change.request_hash = hash_of(*rest);
  return change;
}

}  // namespace pratique::rpc
