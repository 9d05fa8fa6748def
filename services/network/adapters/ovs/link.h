// Both connections to one switch, and the thread that serves them: it connects, says hello, monitors, moves bytes in
// both directions at once, and begins anew with growing pauses when either connection is lost. Questions of other
// threads are put to it and answered in their order; each waits at most until its deadline.
//
// Errors of questions: UNAVAILABLE SWITCH_UNREACHABLE (not connected, or lost before the answer: for a change that
// means that it is not known), DEADLINE_EXCEEDED SWITCH_TIMEOUT, INTERNAL SWITCH_PROTOCOL.
//
// One switch stands or falls as a whole: without its database nothing is known of ports, without OpenFlow nothing can
// be let through, so the loss of one end closes the other too.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include "libs/net/byte_stream.h"
#include "libs/protocol/openflow/session.h"
#include "libs/protocol/ovsdb/session.h"
#include "services/network/adapters/ovs/config.h"
#include "services/network/adapters/ovs/picture.h"

namespace pratique::network {

class SwitchLink {
 public:
  SwitchLink(OvsConfig config, net::WakeUp wake);
  ~SwitchLink();
  SwitchLink(const SwitchLink&) = delete;
  SwitchLink& operator=(const SwitchLink&) = delete;

  /// Called on the link's thread, without a lock of ours. First all_lost, once both connections stand.
  void watch(SwitchAdapter::Listener listener);

  /// Waits for the connections, unless the last attempt to make them failed. `read` must be quick.
  Result<void> with_picture(const std::function<Result<void>(const Picture&)>& read, Deadline deadline);
  Result<ovsdb::TransactResult> transact(const std::vector<ovsdb::Operation>& operations, Deadline deadline);
  /// Until the switch has carried out what the database had at this count.
  Result<void> await_applied(std::int64_t cfg, Deadline deadline);
  Result<std::vector<openflow::Flow>> flows(const openflow::FlowQuery& query, Deadline deadline);
  /// One at a time: the caller's to see to.
  Result<openflow::BundleOutcome> bundle(std::span<const openflow::FlowMod> mods, Deadline deadline);

  /// While it lives, what happens to these ports is our own doing and is not told as `changed`.
  class Quiet {
   public:
    Quiet(SwitchLink& link, std::set<std::string, std::less<>> ports);
    ~Quiet();
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

   private:
    SwitchLink& link_;
  };
  /// After a bundle of strict removals, and of additions in free places or in those of removed ones, was committed:
  /// the number of flows that polling is to find. Another number is told as `changed`.
  void expect(std::span<const openflow::FlowMod> mods);

 private:
  struct Ends;
  using Clock = std::chrono::steady_clock;
  enum class State { connecting, up, failed };

  void run();
  Result<std::unique_ptr<Ends>> connect_both();
  Result<void> serve(Ends& ends);
  Result<void> move_bytes(Ends& ends, Clock::time_point until);
  Result<void> tick(Ends& ends);
  Result<void> hear(Ends& ends);
  Result<void> hear_ovsdb(Ends& ends, ovsdb::Event event, std::vector<PortEvent>& events);
  Result<void> hear_openflow(Ends& ends, openflow::Event event, std::vector<PortEvent>& events);
  void tell(std::vector<PortEvent> events);
  void go_down(const Error& why);

  Result<Ends*> ends_up(std::unique_lock<std::mutex>& lock, Deadline deadline);
  /// Answers by the connections' epoch and the question's id; empty until it is there.
  template <typename Id, typename Answer>
  using Answers = std::map<std::pair<std::uint64_t, Id>, std::optional<Result<Answer>>>;
  template <typename Id, typename Answer>
  Result<Answer> await_answer(std::unique_lock<std::mutex>& lock, Answers<Id, Answer>& answers, Id id,
                              Deadline deadline);

  const OvsConfig config_;
  const net::WakeUp wake_;

  std::mutex mutex_;
  std::condition_variable news_;
  State state_ = State::connecting;
  Error why_failed_ = {};
  bool stopping_ = false;
  bool hurry_ = false;       // a caller gave up on an answer: connect anew
  std::uint64_t epoch_ = 0;  // of the connections
  Ends* ends_ = nullptr;     // while up
  SwitchAdapter::Listener listener_;
  bool announced_ = false;  // all_lost was told of these connections
  std::set<std::string, std::less<>> quiet_;
  std::array<std::optional<std::size_t>, 2> expected_flows_ = {};
  Answers<ovsdb::RequestId, ovsdb::TransactResult> transactions_;
  Answers<openflow::Xid, std::vector<openflow::Flow>> readings_;
  Answers<std::uint32_t, openflow::BundleOutcome> bundles_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace pratique::network
