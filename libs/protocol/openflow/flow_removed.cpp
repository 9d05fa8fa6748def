#include "libs/protocol/openflow/flow_removed.h"

#include <string>

#include "libs/protocol/openflow/counters.h"

namespace pratique::openflow {

Result<FlowRemoved> parse_flow_removed(ByteView body) {
  Reader in(body, "flow removed");
  TRY_VOID(in.need(40));
  FlowRemoved out;
  out.cookie = in.u64();
  out.priority = in.u16();
  const auto why = in.u8();
  if (why > static_cast<std::uint8_t>(RemovedReason::eviction)) return in.malformed("reason " + std::to_string(why));
  out.reason = static_cast<RemovedReason>(why);
  out.table = in.u8();
  out.age = read_age(in);
  out.idle_timeout = in.u16();
  out.hard_timeout = in.u16();
  out.packets = read_counter(in);
  out.bytes = read_counter(in);
  TRY(out.match, read_match(in));
  return out;
}

}  // namespace pratique::openflow
