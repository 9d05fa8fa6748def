#include "libs/protocol/openflow/flow_stats.h"

#include <string>

#include "libs/protocol/openflow/counters.h"
#include "libs/protocol/openflow/flow_flags.h"
#include "libs/protocol/openflow/multipart.h"
#include "libs/protocol/openflow/prerequisites.h"

namespace pratique::openflow {
namespace {

constexpr std::size_t kEntryHeader = 48;  // up to the match

Result<FlowStats> read_entry(Reader& in) {
  FlowStats out;
  auto& flow = out.flow;
  flow.table = in.u8();
  in.skip(1);
  out.age = read_age(in);
  flow.priority = in.u16();
  flow.idle_timeout = in.u16();
  flow.hard_timeout = in.u16();
  set_flags(flow, in.u16());
  flow.importance = in.u16();
  in.skip(2);
  flow.cookie = in.u64();
  out.packets = read_counter(in);
  out.bytes = read_counter(in);
  TRY(flow.match, read_match(in));
  TRY(flow.instructions, read_instructions(in));
  return out;
}

}  // namespace

Result<Bytes> encode_flow_query(Xid xid, const FlowQuery& query) {
  for (const auto& term : query.match.terms()) TRY_VOID(check_value(term));
  TRY_VOID(check_prerequisites(query.match));
  Writer out;
  out.u8(query.table);
  out.zeros(3);
  out.u32(query.out_port);
  out.u32(kGroupAny);
  out.zeros(4);
  out.u64(query.cookie);
  out.u64(query.cookie_mask);
  write_match(out, query.match);
  return encode_multipart_request(xid, MultipartType::flow, out.view());
}

Result<std::vector<FlowStats>> parse_flow_stats(ByteView body) {
  std::vector<FlowStats> out;
  Reader in(body, "flow statistics");
  while (!in.at_end()) {
    TRY_VOID(in.need(2));
    const std::size_t length = in.u16();
    if (length < kEntryHeader + 8) return in.malformed("an entry of " + std::to_string(length) + " bytes");
    TRY_VOID(in.need(length - 2));
    Reader entry(in.take(length - 2), "flow statistics");
    TRY(auto flow, read_entry(entry));
    out.push_back(std::move(flow));
  }
  return out;
}

}  // namespace pratique::openflow
