// The controller's side of one connection to a switch (OpenFlow 1.4.0 section 6.3), without a socket.
//
//   Session session;
//   write(session.take_output());                                 // our hello
//   loop: read bytes → TRY_VOID(session.receive(bytes, events));  write(session.take_output());
//   Connected → TRY(const auto id, session.start_bundle(flow_mods)); write(…); … BundleOver{id, …}
//
// After every call there may be output: write it, and go on reading while writing (a large bundle is more than the
// socket holds, and a switch that refuses many flow-mods stops reading until its errors are read). The session answers
// hello, features and echo requests itself. It uses no clock: ask_echo and a timer of the owner's find a silent peer.
//
// An Error from receive ends the session: the switch broke the protocol or there is no common version. Write what
// take_output still gives (it may tell the switch why), close, connect anew with a new Session. What a bundle in flight
// has become is then unknown if bundle_state() says committing, nothing if it says filling or discarding: a switch
// throws open bundles away with the connection.
//
// One thread at a time; owns no resources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/bundle.h"
#include "libs/protocol/openflow/event.h"
#include "libs/protocol/openflow/framing.h"
#include "libs/protocol/openflow/hello.h"
#include "libs/protocol/openflow/pending.h"

namespace pratique::openflow {

struct SessionLimits {
  std::size_t pending = 256;                        // requests without an answer; a bundle does not count
  std::size_t multipart_bytes = 128 * 1024 * 1024;  // of all parts of one answer; 100 000 flows are some 25 MB
};

class Session {
 public:
  explicit Session(SessionLimits limits = {});

  /// What is to be written, in order; empties it.
  Bytes take_output() { return std::exchange(output_, {}); }
  /// Appends what came about; events that came before an Error are kept. Any split of the bytes gives the same.
  Result<void> receive(ByteView bytes, std::vector<Event>& events);

  bool ready() const { return state_ == State::ready; }
  /// Since Connected.
  const std::optional<Features>& features() const { return features_; }
  std::size_t pending() const { return pending_.size(); }

  // Questions; each is answered by its event or by Refused, under the xid that is returned. OPENFLOW_NOT_READY,
  // OPENFLOW_SESSION_OVER, OPENFLOW_TOO_MANY_PENDING, OPENFLOW_XIDS_EXHAUSTED.
  Result<Xid> ask_barrier();
  Result<Xid> ask_echo();
  Result<Xid> ask_flows(const FlowQuery& query);
  Result<Xid> ask_tables();
  Result<Xid> ask_ports();
  Result<Xid> ask_description();
  Result<Xid> ask_role(const Role& role);

  // Orders; a switch is silent about one that it carries out. Refused may come until the next BarrierPassed or
  // BundleOver; until then each counts as pending.
  Result<Xid> send_flow_mod(const FlowMod& mod);
  Result<Xid> send_packet_out(const PacketOut& packet);
  /// Open vSwitch tells a management socket nothing unasked unless a miss-send-length is set (OpenFlow 1.4.0 section
  /// 7.3.2); afterwards PortStatus, FlowRemoved and PacketIn come.
  Result<Xid> hear_events(std::uint16_t miss_send_length = kWholePacket);

  /// All or nothing (bundle.h); answered by BundleOver with this id. One at a time: OPENFLOW_BUNDLE_BUSY. An error of
  /// Bundle::make leaves the session as it was.
  Result<std::uint32_t> start_bundle(std::span<const FlowMod> flow_mods);
  /// Of the bundle in flight, if there is one.
  std::optional<BundleState> bundle_state() const;

 private:
  enum class State { hello, features, ready, over };

  Result<void> handle(Message message, std::vector<Event>& events);
  Result<void> greet(const Message& message);
  Result<void> answer(const Message& message, std::vector<Event>& events);
  Result<void> refuse(const Message& message, std::vector<Event>& events);
  Result<void> advance_bundle(const Message& message, std::vector<Event>& events);
  Result<void> add_part(const Message& message, std::vector<Event>& events);
  Result<void> connect(const Message& message, std::vector<Event>& events);
  Result<std::map<Xid, Pending>::iterator> find_pending(const Message& message);
  void retire_orders_before(Xid xid);

  Result<void> may_ask(std::size_t xids) const;
  Result<Xid> submit(PendingKind kind, const std::function<Result<Bytes>(Xid)>& encode);
  void append(ByteView bytes) { output_.insert(output_.end(), bytes.begin(), bytes.end()); }

  SessionLimits limits_;
  State state_ = State::hello;
  Framer framer_{kMaxHelloSize};
  Bytes output_;
  Xid next_xid_ = 1;  // rises, so that a xid below it that does not pend has been answered
  std::uint32_t next_bundle_ = 1;
  std::map<Xid, Pending> pending_;
  std::optional<Bundle> bundle_;
  std::optional<Features> features_;
};

}  // namespace pratique::openflow
