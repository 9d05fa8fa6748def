// Many flow-mods, all or nothing. Open vSwitch alone does not give that: where it refuses one message of a bundle it
// still commits the others if asked to. So: open, add all, barrier, look for errors, and only then commit or discard.
//
//   TRY(auto bundle, Bundle::make(id, flow_mods, first_xid));
//   send(bundle.start());                                        // open, adds and barrier in one go
//   …each message whose xid bundle.owns():  TRY(auto reply, bundle.receive(message)); send(reply);
//   until bundle.over(): bundle.outcome()
//
// Legal steps stand in one table in bundle.cpp. session.h does all this; it is apart so that it can be read and tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/error_message.h"
#include "libs/protocol/openflow/flow_mod.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

inline constexpr std::size_t kMaxBundle = 262144;  // flow-mods

enum class BundleState {
  filling,     // open, adds and barrier are on their way
  committing,  // nothing was refused; whether it counts is not known until the answer
  discarding,  // something was refused; nothing counts
  over,
};
std::string_view name_of(BundleState state);

/// One thing that the switch refused.
struct BundleRefusal {
  std::optional<std::size_t> flow_mod = {};  // index into what make() was given; nothing: open, commit or discard
  BundleState during = BundleState::filling;
  ErrorMessage error = {};

  std::string text() const;  // "flow-mod 17: BAD_MATCH BAD_PREREQ (4/9)"
  bool operator==(const BundleRefusal&) const = default;
};

/// Committed, or what was refused: in the order of the switch's answers, never both.
struct BundleOutcome {
  bool committed = false;
  std::vector<BundleRefusal> refusals = {};

  bool operator==(const BundleOutcome&) const = default;
};

class Bundle {
 public:
  /// Checks and encodes. The error names the index of the flow-mod ("flow-mod 17: tcp_dst needs ip_proto=6", evidence
  /// "flow_mod"); OPENFLOW_BUNDLE_INVALID for none or more than kMaxBundle. Uses xids(flow_mods.size()) xids.
  static Result<Bundle> make(std::uint32_t id, std::span<const FlowMod> flow_mods, Xid first_xid);
  static std::size_t xids(std::size_t flow_mods) { return flow_mods + 3; }

  /// What to send first; once.
  Bytes start() { return std::move(opening_); }
  bool owns(Xid xid) const { return xid - first_xid_ < xids(count_); }
  /// An answer with a xid of ours. Returns what to send. OPENFLOW_XID_ANSWERED, OPENFLOW_ANSWER_TYPE and
  /// OPENFLOW_MESSAGE_MALFORMED mean that the switch cannot be relied upon: close, and read back what holds.
  Result<Bytes> receive(const Message& message);

  std::uint32_t id() const { return id_; }
  Xid first_xid() const { return first_xid_; }
  BundleState state() const { return state_; }
  bool over() const { return state_ == BundleState::over; }
  /// Once over.
  const BundleOutcome& outcome() const { return outcome_; }

 private:
  Bundle(std::uint32_t id, std::size_t count, Xid first_xid, Bytes opening)
      : id_(id), count_(count), first_xid_(first_xid), opening_(std::move(opening)), answered_(xids(count)) {}
  Result<Bytes> end_filling();

  std::uint32_t id_;
  std::size_t count_;
  Xid first_xid_;
  Bytes opening_;
  std::vector<bool> answered_;  // one for each xid
  BundleState state_ = BundleState::filling;
  BundleOutcome outcome_;
};

}  // namespace pratique::openflow
