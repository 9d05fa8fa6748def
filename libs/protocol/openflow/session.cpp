#include "libs/protocol/openflow/session.h"

#include <utility>

#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

std::string named(const Message& message) {
  return std::string(name_of(message.type)) + " (type " + std::to_string(static_cast<unsigned>(message.type)) +
         ") with xid " + std::to_string(message.xid);
}

/// What a switch sends unasked, once there is a session.
enum class Unasked { no, port_status, flow_removed, packet_in, ignored };
Unasked unasked(MessageType type) {
  switch (type) {
    case MessageType::port_status: return Unasked::port_status;
    case MessageType::flow_removed: return Unasked::flow_removed;
    case MessageType::packet_in: return Unasked::packet_in;
    case MessageType::experimenter:
    case MessageType::role_status:
    case MessageType::table_status:
    case MessageType::request_forward: return Unasked::ignored;
    default: return Unasked::no;
  }
}

bool is_answer(MessageType type) {
  switch (type) {
    case MessageType::echo_reply:
    case MessageType::features_reply:
    case MessageType::multipart_reply:
    case MessageType::barrier_reply:
    case MessageType::role_reply:
    case MessageType::bundle_control: return true;
    default: return false;
  }
}

}  // namespace

Session::Session(SessionLimits limits) : limits_(limits) { append(encode_hello(next_xid_++)); }

Result<void> Session::receive(ByteView bytes, std::vector<Event>& events) {
  if (state_ == State::over) return failed_precondition(reason::kSessionOver, "the session is over; connect anew");
  const auto work = [&]() -> Result<void> {
    framer_.push(bytes);
    for (;;) {
      TRY(auto message, framer_.next());
      if (!message) return {};
      TRY_VOID(handle(*std::move(message), events));
    }
  };
  auto done = work();
  if (!done) state_ = State::over;
  return done;
}

Result<void> Session::handle(Message message, std::vector<Event>& events) {
  if (state_ == State::hello) return greet(message);
  if (message.type == MessageType::hello)
    return failed_precondition(reason::kHelloTwice, "the switch said hello a second time");
  if (message.type == MessageType::echo_request) {
    TRY(const auto reply, encode_message(MessageType::echo_reply, message.xid, message.body));
    append(reply);
    return {};
  }
  if (message.type == MessageType::error) return refuse(message, events);
  if (is_answer(message.type)) return answer(message, events);
  switch (unasked(message.type)) {
    case Unasked::port_status: {
      TRY(auto status, parse_port_status(message.body));
      events.emplace_back(std::move(status));
      return {};
    }
    case Unasked::flow_removed: {
      TRY(auto removed, parse_flow_removed(message.body));
      events.emplace_back(std::move(removed));
      return {};
    }
    case Unasked::packet_in: {
      TRY(auto packet, parse_packet_in(message.body));
      events.emplace_back(std::move(packet));
      return {};
    }
    case Unasked::ignored: events.emplace_back(Ignored{message.type}); return {};
    case Unasked::no: break;
  }
  return failed_precondition(reason::kUnexpected, "a switch does not send " + named(message));
}

/// The first message: hello, or the switch's word that it will not.
Result<void> Session::greet(const Message& message) {
  if (message.type == MessageType::error) {
    TRY(const auto error, parse_error(message.body));
    return failed_precondition(reason::kHelloRefused, "the switch refused our hello: " + error.text());
  }
  if (message.type != MessageType::hello)
    return failed_precondition(reason::kHelloExpected, "the first message is " + named(message) + ", not HELLO");
  TRY(const auto hello, parse_hello(message));
  if (auto agreed = negotiate(hello); !agreed) {
    append(encode_hello_failed(message.xid, "OpenFlow 1.4 only"));
    return agreed;
  }
  framer_.require(kVersion, kMaxMessageSize);
  state_ = State::features;
  const auto xid = next_xid_++;
  TRY(const auto request, encode_message(MessageType::features_request, xid));
  append(request);
  pending_.emplace(xid, Pending{.kind = PendingKind::features});
  return {};
}

Result<std::map<Xid, Pending>::iterator> Session::find_pending(const Message& message) {
  const auto found = pending_.find(message.xid);
  if (found != pending_.end()) return found;
  // Our xids rise, so what was given out and does not wait has been answered (or retired by a barrier).
  if (message.xid == 0 || message.xid >= next_xid_)
    return failed_precondition(reason::kXidUnknown, named(message) + ": nothing was asked under it");
  return failed_precondition(reason::kXidAnswered, named(message) + ": what was asked under it has been answered");
}

Result<void> Session::refuse(const Message& message, std::vector<Event>& events) {
  if (bundle_ && bundle_->owns(message.xid)) return advance_bundle(message, events);
  TRY(auto error, parse_error(message.body));
  auto found = find_pending(message);
  if (!found) return std::move(found).error().with("error", error.text());
  const bool opening = (*found)->second.kind == PendingKind::features;
  pending_.erase(*found);
  if (opening)
    return failed_precondition(reason::kFeaturesRefused, "the switch does not say who it is: " + error.text());
  events.emplace_back(Refused{message.xid, std::move(error)});
  return {};
}

Result<void> Session::answer(const Message& message, std::vector<Event>& events) {
  if (bundle_ && bundle_->owns(message.xid)) return advance_bundle(message, events);
  TRY(const auto found, find_pending(message));
  const auto kind = found->second.kind;
  if (answer_type(kind) != message.type)
    return failed_precondition(reason::kAnswerType, named(message) + " answers our " + std::string(name_of(kind)));
  const auto xid = message.xid;
  switch (kind) {
    case PendingKind::features: return connect(message, events);
    case PendingKind::role: {
      TRY(const auto role, parse_role_reply(message.body));
      events.emplace_back(RoleGiven{xid, role});
      break;
    }
    case PendingKind::echo: events.emplace_back(Echoed{xid}); break;
    case PendingKind::barrier:
      events.emplace_back(BarrierPassed{xid});
      retire_orders_before(xid);
      break;
    default: return add_part(message, events);
  }
  pending_.erase(xid);
  return {};
}

Result<void> Session::connect(const Message& message, std::vector<Event>& events) {
  TRY(features_, parse_features(message.body));
  pending_.erase(message.xid);
  state_ = State::ready;
  events.emplace_back(Connected{*features_});
  return {};
}

Result<void> Session::add_part(const Message& message, std::vector<Event>& events) {
  auto& waiting = pending_.at(message.xid);
  TRY(const auto part, parse_multipart_reply(message.body));
  if (part.type != multipart_type(waiting.kind))
    return failed_precondition(reason::kAnswerType, named(message) + " of kind " + std::string(name_of(part.type)) +
                                                        " answers our " + std::string(name_of(waiting.kind)));
  // An empty part costs memory and time too.
  waiting.bytes += kHeaderSize + message.body.size();
  if (waiting.bytes > limits_.multipart_bytes)
    return Error{ErrorCode::resource_exhausted, std::string(reason::kMultipartTooLarge),
                 "the answer to our " + std::string(name_of(waiting.kind)) + " exceeds " +
                     std::to_string(limits_.multipart_bytes) + " bytes"};
  const auto take = [](auto& all, auto&& more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  switch (waiting.kind) {
    case PendingKind::flows: {
      TRY(auto flows, parse_flow_stats(part.body));
      take(waiting.flows, std::move(flows));
      if (!part.more) events.emplace_back(FlowsRead{message.xid, std::move(waiting.flows)});
      break;
    }
    case PendingKind::tables: {
      TRY(auto tables, parse_table_stats(part.body));
      take(waiting.tables, std::move(tables));
      if (!part.more) events.emplace_back(TablesRead{message.xid, std::move(waiting.tables)});
      break;
    }
    case PendingKind::ports: {
      TRY(auto ports, parse_ports(part.body));
      take(waiting.ports, std::move(ports));
      if (!part.more) events.emplace_back(PortsRead{message.xid, std::move(waiting.ports)});
      break;
    }
    default: {
      if (part.more || waiting.bytes > kHeaderSize + message.body.size())
        return failed_precondition(reason::kMalformed, "a description in several parts");
      TRY(auto description, parse_description(part.body));
      events.emplace_back(DescriptionRead{message.xid, std::move(description)});
    }
  }
  if (!part.more) pending_.erase(message.xid);
  return {};
}

Result<void> Session::advance_bundle(const Message& message, std::vector<Event>& events) {
  TRY(const auto reply, bundle_->receive(message));
  append(reply);
  if (!bundle_->over()) return {};
  events.emplace_back(BundleOver{bundle_->id(), bundle_->outcome()});
  retire_orders_before(bundle_->first_xid());
  bundle_.reset();
  return {};
}

/// What was sent before an answered barrier has been carried out; its errors would have come before.
void Session::retire_orders_before(Xid xid) {
  std::erase_if(pending_,
                [&](const auto& entry) { return entry.first < xid && entry.second.kind == PendingKind::order; });
}

Result<void> Session::may_ask(std::size_t xids) const {
  if (state_ == State::over) return failed_precondition(reason::kSessionOver, "the session is over; connect anew");
  if (state_ != State::ready) return failed_precondition(reason::kNotReady, "the versions are not agreed yet");
  if (xids > ~Xid{0} - next_xid_)
    return failed_precondition(reason::kXidsExhausted, "no transaction id is left; connect anew");
  return {};
}

Result<Xid> Session::submit(PendingKind kind, const std::function<Result<Bytes>(Xid)>& encode) {
  TRY_VOID(may_ask(1));
  if (pending_.size() >= limits_.pending)
    return Error{ErrorCode::resource_exhausted, std::string(reason::kTooManyPending),
                 std::to_string(limits_.pending) + " requests wait for their answers; ask_barrier retires orders"};
  TRY(const auto message, encode(next_xid_));
  append(message);
  pending_.emplace(next_xid_, Pending{.kind = kind});
  return next_xid_++;
}

Result<Xid> Session::ask_barrier() {
  return submit(PendingKind::barrier, [](Xid xid) { return encode_message(MessageType::barrier_request, xid); });
}
Result<Xid> Session::ask_echo() {
  return submit(PendingKind::echo, [](Xid xid) { return encode_message(MessageType::echo_request, xid); });
}
Result<Xid> Session::ask_flows(const FlowQuery& query) {
  return submit(PendingKind::flows, [&](Xid xid) { return encode_flow_query(xid, query); });
}
Result<Xid> Session::ask_tables() {
  return submit(PendingKind::tables, [](Xid xid) { return encode_multipart_request(xid, MultipartType::table); });
}
Result<Xid> Session::ask_ports() {
  return submit(PendingKind::ports,
                [](Xid xid) { return encode_multipart_request(xid, MultipartType::port_description); });
}
Result<Xid> Session::ask_description() {
  return submit(PendingKind::description,
                [](Xid xid) { return encode_multipart_request(xid, MultipartType::description); });
}
Result<Xid> Session::ask_role(const Role& role) {
  return submit(PendingKind::role, [&](Xid xid) { return encode_role_request(xid, role); });
}
Result<Xid> Session::send_flow_mod(const FlowMod& mod) {
  return submit(PendingKind::order, [&](Xid xid) { return encode_flow_mod(xid, mod); });
}
Result<Xid> Session::send_packet_out(const PacketOut& packet) {
  return submit(PendingKind::order, [&](Xid xid) { return encode_packet_out(xid, packet); });
}
Result<Xid> Session::hear_events(std::uint16_t miss_send_length) {
  return submit(PendingKind::order, [&](Xid xid) {
    Writer body;
    body.u16(0);  // fragments are handled as packets are: OFPC_FRAG_NORMAL
    body.u16(miss_send_length);
    return encode_message(MessageType::set_config, xid, body.view());
  });
}

Result<std::uint32_t> Session::start_bundle(std::span<const FlowMod> flow_mods) {
  const auto xids = Bundle::xids(flow_mods.size());
  TRY_VOID(may_ask(xids));
  if (bundle_)
    return failed_precondition(reason::kBundleBusy, "bundle " + std::to_string(bundle_->id()) + " is " +
                                                        std::string(name_of(bundle_->state())));
  TRY(auto bundle, Bundle::make(next_bundle_, flow_mods, next_xid_));
  next_xid_ += static_cast<Xid>(xids);
  append(bundle.start());
  bundle_ = std::move(bundle);
  return next_bundle_++;
}

std::optional<BundleState> Session::bundle_state() const {
  return bundle_ ? std::optional(bundle_->state()) : std::nullopt;
}

}  // namespace pratique::openflow
