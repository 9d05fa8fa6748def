// The OpenFlow end of a switch that is not there: it speaks OpenFlow 1.4 as Open vSwitch does, and keeps the flows that
// it is given, as bytes. What services/network/adapters/ovs asks for, no more; anything else is an error. As in Open
// vSwitch, flows are found by table, port and cookie without looking at the others.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/framing.h"

namespace pratique::bench {

class FlowTable {
 public:
  /// A connection begins; flows stay. Returns our hello.
  Bytes greet();
  /// What came; returns what is to be said.
  Result<Bytes> hear(ByteView bytes);
  /// As a switch that was restarted.
  void forget();

  std::size_t size() const { return flows_.size(); }
  std::chrono::steady_clock::time_point last_commit() const { return last_commit_; }

 private:
  struct Stored {
    std::uint64_t cookie = 0;
    std::uint16_t flags = 0;
    Bytes instructions = {};
  };
  struct Place {
    std::uint8_t table = 0;
    std::uint32_t port = 0;  // in_port; 0: none
    std::uint16_t priority = 0;
    std::string match = {};  // ofp_match, padded
    auto operator<=>(const Place&) const = default;
  };

  Result<void> answer(const openflow::Message& message, openflow::Writer& out);
  Result<void> answer_multipart(const openflow::Message& message, openflow::Writer& out);
  Result<void> answer_bundle(const openflow::Message& message, openflow::Writer& out);
  Result<void> carry_out(ByteView flow_mod, openflow::Writer& out);
  void erase(std::map<Place, Stored>::iterator flow);

  openflow::Framer framer_;
  std::map<Place, Stored> flows_;
  std::set<std::pair<std::uint64_t, Place>> by_cookie_;
  std::array<std::uint32_t, 2> count_ = {};  // of each table
  std::vector<Bytes> bundle_;             // bodies of flow-mods
  std::chrono::steady_clock::time_point last_commit_ = {};
};

}  // namespace pratique::bench
