// From a call on the wire to what use cases ask for.
#pragma once

#include "libs/rpc/call_context.h"
#include "services/registrar/app/call.h"

namespace google::protobuf {
class Message;
}

namespace pratique::registrar {

Call to_call(const rpc::CallContext& call);
/// With the request's own `request_id`, and its hash without it (maps in the order of their keys). INVALID_ARGUMENT
/// REQUEST_ID_INVALID.
Result<Change> to_change(const rpc::CallContext& call, const google::protobuf::Message& request);

}  // namespace pratique::registrar
