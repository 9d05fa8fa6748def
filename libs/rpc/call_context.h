// What a handler knows about the call that it answers.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/error.h"
#include "libs/rpc/caller.h"

namespace pratique::rpc {

using Deadline = std::chrono::system_clock::time_point;

struct CallContext {
  std::string method;  // "/pratique.registrar.v1.Devices/GetDevice"
  Caller caller;
  std::string peer;      // network address, for the audit log
  std::string trace_id;  // 32 hexadecimal digits: the caller's (W3C Trace Context traceparent) or made here
  Deadline deadline;     // the client's, at most RpcConfig::max_deadline from the call's arrival
  std::map<std::string, std::string> metadata;  // text metadata; of a repeated key the first value
  std::shared_ptr<const std::atomic<bool>> cancel_flag;

  /// Has the client gone? Long handlers look now and then.
  bool cancelled() const { return cancel_flag && cancel_flag->load(std::memory_order_relaxed); }
  std::chrono::milliseconds left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::system_clock::now());
  }
};

}  // namespace pratique::rpc
