// From a call on the wire to what use cases ask for (libs/base/call.h).
#pragma once

#include "libs/base/call.h"
#include "libs/rpc/call_context.h"

namespace google::protobuf {
class Message;
}

namespace pratique::rpc {

Call to_call(const CallContext& call);
/// With the request's own `request_id`, and its hash without it (maps in the order of their keys). INVALID_ARGUMENT
/// REQUEST_ID_INVALID.
Result<Change> to_change(const CallContext& call, const google::protobuf::Message& request);

}  // namespace pratique::rpc
