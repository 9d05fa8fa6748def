// One pair of connections to a switch: what lives as long as both stand. Says hello, monitors, keeps the picture and the
// number of flows, keeps both ends alive, and sorts the answers to questions.
//
// One thread turns it. exchange() moves bytes and is that thread's alone; everything else is under the lock of who owns
// it (link.h), for questions come from other threads.
//
//   connections.begin();                                          // locked
//   for (;;) {
//     connections.tick(now); connections.flush();                 // locked: what is due, and what is to go out
//     TRY(const auto heard, connections.exchange(wake, until));   // until due() at most
//     connections.hear(heard, quiet, events);                     // locked
//   }
//
// Errors: UNAVAILABLE SWITCH_UNREACHABLE, INTERNAL SWITCH_PROTOCOL. Each ends it.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "libs/net/byte_stream.h"
#include "libs/protocol/openflow/session.h"
#include "libs/protocol/ovsdb/session.h"
#include "services/network/adapters/ovs/config.h"
#include "services/network/adapters/ovs/picture.h"
#include "services/network/adapters/ovs/pipe.h"

namespace pratique::network {

Error switch_unreachable(std::string_view why);

/// Open vSwitch counts a flow that was removed for some milliseconds more, so a wrong count is asked for again.
inline constexpr std::chrono::milliseconds kDoubt{200};

class Connections {
 public:
  using Clock = std::chrono::steady_clock;
  using Names = std::set<std::string, std::less<>>;
  /// What came from either end.
  struct Heard {
    Bytes ovsdb = {}, openflow = {};
    bool nothing() const { return ovsdb.empty() && openflow.empty(); }
  };
  /// By the question's id; empty until the answer is there. Who asked makes the place, and takes it away.
  template <typename Id, typename Answer>
  using Answers = std::map<Id, std::optional<Result<Answer>>>;

  /// `config` outlives it.
  Connections(const OvsConfig& config, net::ByteStream ovsdb, net::ByteStream openflow);

  Result<void> begin();
  /// The picture is whole, and the flows were counted, so that a foreign one is noticed from now on.
  bool up() const { return monitored_ && counted_; }
  /// Once up.
  const Picture& picture() const { return *picture_; }

  /// What is due by the clock: is everybody alive, how many flows are there.
  Result<void> tick(Clock::time_point now);
  /// When tick() has something to do next.
  Clock::time_point due() const;
  void flush();
  /// Writes and reads what there is, waiting at most until `until`.
  Result<Heard> exchange(const net::WakeUp& wake, Clock::time_point until);
  /// What comes of it is appended to `events`, but for flows of `quiet` ports.
  Result<void> hear(const Heard& heard, const Names& quiet, std::vector<PortEvent>& events);

  Result<ovsdb::RequestId> transact(const std::vector<ovsdb::Operation>& operations);
  Result<openflow::Xid> ask_flows(const openflow::FlowQuery& query);
  /// One at a time: the caller's to see to.
  Result<std::uint32_t> start_bundle(std::span<const openflow::FlowMod> mods);
  Answers<ovsdb::RequestId, ovsdb::TransactResult> transactions = {};
  Answers<openflow::Xid, std::vector<openflow::Flow>> readings = {};
  Answers<std::uint32_t, openflow::BundleOutcome> bundles = {};
  /// Whoever still waits for an answer is told this.
  void give_up(const Error& why);
  /// The number of flows that counting is to find has changed by these.
  void expect(std::span<const openflow::FlowMod> mods);

 private:
  Result<void> hear_ovsdb(ovsdb::Event event, std::vector<PortEvent>& events);
  Result<void> hear_openflow(openflow::Event event, const Names& quiet, std::vector<PortEvent>& events);
  void end_bundle(std::uint32_t id, bool committed);
  /// Whether there are more or fewer flows than expected.
  bool differs(const openflow::TablesRead& read) const;
  void take_count(const openflow::TablesRead& read);

  const OvsConfig& config_;
  Pipe ovsdb_pipe_, openflow_pipe_;
  ovsdb::Session ovsdb_ = ovsdb::Session();
  openflow::Session openflow_ = openflow::Session();
  std::optional<Picture> picture_ = {};
  bool monitored_ = false;
  bool counted_ = false;
  bool doubted_ = false;  // the last count was another than expected
  std::array<std::optional<std::size_t>, 2> expected_flows_ = {};
  /// Removed by us, and the switch has not said so yet. It does so in its own time, also after the bundle is over.
  using RemovedFlow = std::tuple<std::uint8_t, std::uint16_t, openflow::Match>;  // table, priority, match
  std::multiset<RemovedFlow> own_removals_ = {};
  std::map<std::uint32_t, std::vector<RemovedFlow>> removals_of_bundle_ = {};  // until it is over
  std::optional<openflow::Xid> polling_ = {};
  Clock::time_point poll_at_ = Clock::now();
};

}  // namespace pratique::network
