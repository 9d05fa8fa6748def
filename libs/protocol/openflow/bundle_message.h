// Bundles on the wire (OpenFlow 1.4.0 section 7.3, ofp_bundle_*). How to use them: bundle.h.
#pragma once

#include <cstdint>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/message.h"
#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

enum class BundleControlType : std::uint16_t {
  open_request = 0,
  open_reply = 1,
  close_request = 2,
  close_reply = 3,
  commit_request = 4,
  commit_reply = 5,
  discard_request = 6,
  discard_reply = 7,
};

inline constexpr std::uint16_t kBundleAtomic = 1, kBundleOrdered = 2;
/// All or nothing, in the order of sending. What we always use.
inline constexpr std::uint16_t kBundleFlags = kBundleAtomic | kBundleOrdered;

struct BundleControl {
  std::uint32_t id = 0;
  BundleControlType type = BundleControlType::open_request;
  std::uint16_t flags = kBundleFlags;

  bool operator==(const BundleControl&) const = default;
};

void write_bundle_control(Writer& out, Xid xid, const BundleControl& control);
/// Properties after it are skipped.
Result<BundleControl> parse_bundle_control(ByteView body);

/// Starts a bundle-add; the message inside, which must bear the SAME xid, is to be written next, then finish_message.
std::size_t start_bundle_add(Writer& out, Xid xid, std::uint32_t bundle_id);

}  // namespace pratique::openflow
