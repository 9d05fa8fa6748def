#include "tests/bench/reconcile/flow_table.h"

#include "libs/protocol/openflow/bundle_message.h"
#include "libs/protocol/openflow/hello.h"
#include "libs/protocol/openflow/multipart.h"

namespace pratique::bench {

using namespace openflow;

namespace {

constexpr std::uint8_t kAdd = 0, kRemoveStrict = 4, kEveryTable = 255;
constexpr std::uint16_t kSendRemoved = 1, kOnlyAtAdding = 2 | 4;  // OFPFF_*: check_overlap, reset_counts
constexpr std::uint32_t kInPort = 0x80000004;                     // OXM header of in_port
constexpr std::size_t kPart = 32'000;                             // bytes of one part of an answer

/// An ofp_match as it stands, padded.
Bytes take_match(Reader& in) {
  Writer out;
  out.u16(in.u16());
  const std::size_t length = in.u16();
  out.u16(static_cast<std::uint16_t>(length));
  out.bytes(in.take(length - 4));
  const auto padding = (8 - length % 8) % 8;
  in.skip(padding);
  out.zeros(padding);
  return out.take();
}

/// 0: the match names none. Fields come in their order, in_port first.
std::uint32_t in_port_of(ByteView match) {
  Reader in(match, "match");
  in.skip(4);
  if (in.left() < 8 || in.u32() != kInPort) return 0;
  return in.u32();
}

bool says_nothing(ByteView match) {
  Reader in(match, "match");
  in.skip(2);
  return in.u16() == 4;
}

Error beyond(std::string_view what) {
  return internal("BENCH_SWITCH", "the switch end does not know " + std::string(what));
}

}  // namespace

void FlowTable::forget() {
  flows_.clear();
  by_cookie_.clear();
  count_ = {};
}

void FlowTable::erase(std::map<Place, Stored>::iterator flow) {
  --count_.at(flow->first.table);
  by_cookie_.erase({flow->second.cookie, flow->first});
  flows_.erase(flow);
}

Bytes FlowTable::greet() {
  framer_ = Framer();
  bundle_.clear();
  return encode_hello(1);
}

Result<Bytes> FlowTable::hear(ByteView bytes) {
  Writer out;
  framer_.push(bytes);
  for (;;) {
    TRY(const auto message, framer_.next());
    if (!message) return out.take();
    TRY_VOID(answer(*message, out));
  }
}

Result<void> FlowTable::answer(const Message& message, Writer& out) {
  const auto reply = [&](MessageType type, ByteView body = {}) -> Result<void> {
    TRY(const auto bytes, encode_message(type, message.xid, body));
    out.bytes(bytes);
    return {};
  };
  switch (message.type) {
    case MessageType::hello:
    case MessageType::set_config:
    case MessageType::echo_reply: return {};
    case MessageType::echo_request: return reply(MessageType::echo_reply, message.body);
    case MessageType::barrier_request: return reply(MessageType::barrier_reply);
    case MessageType::features_request: {
      Writer body;
      body.u64(0x4ad48ee36d41);
      body.u32(0);
      body.u8(254);
      body.zeros(3);
      body.u32(0x4f);
      body.u32(0);
      return reply(MessageType::features_reply, body.view());
    }
    case MessageType::multipart_request: return answer_multipart(message, out);
    case MessageType::bundle_control: return answer_bundle(message, out);
    case MessageType::bundle_add_message:
      bundle_.push_back(to_bytes(ByteView(message.body).subspan(8 + kHeaderSize)));
      return {};
    default: return beyond(name_of(message.type));
  }
}

Result<void> FlowTable::answer_multipart(const Message& message, Writer& out) {
  Reader in(message.body, "multipart");
  const auto type = static_cast<MultipartType>(in.u16());
  in.skip(6);
  Writer part;
  const auto send = [&](bool more) -> Result<void> {
    Writer body;
    body.u16(static_cast<std::uint16_t>(type));
    body.u16(more ? 1 : 0);
    body.zeros(4);
    body.bytes(part.view());
    part = Writer();
    TRY(const auto bytes, encode_message(MessageType::multipart_reply, message.xid, body.view()));
    out.bytes(bytes);
    return {};
  };
  if (type == MultipartType::table) {
    for (std::uint8_t table = 0; table < count_.size(); ++table) {
      part.u8(table);
      part.zeros(3);
      part.u32(count_[table]);
      part.zeros(16);
    }
    return send(false);
  }
  if (type != MultipartType::flow) return beyond(name_of(type));
  const auto table = in.u8();
  in.skip(15);
  const auto cookie = in.u64(), mask = in.u64();
  const auto match = take_match(in);
  const auto port = in_port_of(match);
  if (port == 0 && !says_nothing(match)) return beyond("this query of flows");
  const auto tell = [&](const Place& place, const Stored& flow) -> Result<void> {
    const auto start = part.size();
    part.u16(0);
    part.u8(place.table);
    part.zeros(9);
    part.u16(place.priority);
    part.zeros(4);
    part.u16(flow.flags);
    part.zeros(4);
    part.u64(flow.cookie);
    part.zeros(16);
    part.bytes(as_bytes(place.match));
    part.bytes(flow.instructions);
    part.set_u16(start, part.size() - start);
    return part.size() > kPart ? send(true) : Result<void>();
  };
  if (mask == ~std::uint64_t{0}) {
    for (auto at = by_cookie_.lower_bound({cookie, Place{}}); at != by_cookie_.end() && at->first == cookie; ++at)
      if (at->second.table == table && (port == 0 || at->second.port == port))
        TRY_VOID(tell(at->second, flows_.at(at->second)));
    return send(false);
  }
  if (table == kEveryTable || mask != 0) return beyond("this query of flows");
  auto at = flows_.lower_bound({.table = table, .port = port});
  for (; at != flows_.end() && at->first.table == table; ++at) {
    if (port != 0 && at->first.port != port) break;
    TRY_VOID(tell(at->first, at->second));
  }
  return send(false);
}

Result<void> FlowTable::answer_bundle(const Message& message, Writer& out) {
  TRY(auto control, parse_bundle_control(message.body));
  switch (control.type) {
    case BundleControlType::open_request:
      bundle_.clear();
      control.type = BundleControlType::open_reply;
      break;
    case BundleControlType::commit_request:
      for (const auto& each : bundle_) TRY_VOID(carry_out(each, out));
      bundle_.clear();
      last_commit_ = std::chrono::steady_clock::now();
      control.type = BundleControlType::commit_reply;
      break;
    default: return beyond("this kind of bundle control");
  }
  write_bundle_control(out, message.xid, control);
  return {};
}

Result<void> FlowTable::carry_out(ByteView flow_mod, Writer& out) {
  Reader in(flow_mod, "flow-mod");
  Stored flow;
  Place place;
  flow.cookie = in.u64();
  in.skip(8);
  place.table = in.u8();
  const auto command = in.u8();
  in.skip(4);
  place.priority = in.u16();
  in.skip(12);
  flow.flags = static_cast<std::uint16_t>(in.u16() & ~kOnlyAtAdding);
  in.skip(2);
  const auto match = take_match(in);
  place.match = as_text(match);
  flow.instructions = to_bytes(in.rest());
  place.port = in_port_of(match);
  if (place.table >= count_.size()) return beyond("this table");
  const auto found = flows_.find(place);
  if (command == kAdd) {
    if (found != flows_.end()) erase(found);
    ++count_[place.table];
    by_cookie_.emplace(flow.cookie, place);
    flows_.emplace(std::move(place), std::move(flow));
    return {};
  }
  if (command != kRemoveStrict) return beyond("this kind of flow-mod");
  if (found == flows_.end()) return {};
  if ((found->second.flags & kSendRemoved) != 0) {
    Writer body;
    body.u64(found->second.cookie);
    body.u16(place.priority);
    body.u8(2);  // OFPRR_DELETE
    body.u8(place.table);
    body.zeros(28);
    body.bytes(as_bytes(place.match));
    TRY(const auto bytes, encode_message(MessageType::flow_removed, 0, body.view()));
    out.bytes(bytes);
  }
  erase(found);
  return {};
}

}  // namespace pratique::bench
