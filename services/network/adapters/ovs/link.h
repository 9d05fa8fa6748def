// The link to one switch, and the thread that keeps it: it makes both connections (connections.h), turns them, and begins
// anew with growing pauses when either is lost. Questions of other threads are put to it and answered in their order;
// each waits at most until its deadline.
//
// Errors of questions: UNAVAILABLE SWITCH_UNREACHABLE (not connected, or lost before the answer: for a change that
// means that it is not known), DEADLINE_EXCEEDED SWITCH_TIMEOUT, INTERNAL SWITCH_PROTOCOL.
//
// One switch stands or falls as a whole: without its database nothing is known of ports, without OpenFlow nothing can
// be let through, so the loss of one end closes the other too.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "services/network/adapters/ovs/connections.h"

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
    Quiet(SwitchLink& link, Connections::Names ports);
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
  using Clock = std::chrono::steady_clock;
  enum class State { connecting, up, failed };

  void run();
  Result<std::shared_ptr<Connections>> connect_both();
  Result<void> serve(Connections& connections);
  /// One exchange with the switch, and what it said.
  Result<void> turn(Connections& connections, Clock::time_point until);
  void tell(std::vector<PortEvent> events);
  void go_down(const Error& why);

  Result<std::shared_ptr<Connections>> connected(std::unique_lock<std::mutex>& lock, Deadline deadline);
  template <typename Id, typename Answer>
  Result<Answer> await_answer(std::unique_lock<std::mutex>& lock, Connections::Answers<Id, Answer>& answers, Id id,
                              Deadline deadline);

  const OvsConfig config_;
  const net::WakeUp wake_;

  std::mutex mutex_;
  std::condition_variable news_;
  State state_ = State::connecting;
  Error why_failed_ = {};
  bool stopping_ = false;
  bool hurry_ = false;                        // a caller gave up on an answer: connect anew
  std::shared_ptr<Connections> connections_;  // while up; whoever waits for an answer holds them too
  SwitchAdapter::Listener listener_;
  bool announced_ = false;  // all_lost was told of these connections
  Connections::Names quiet_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace pratique::network
