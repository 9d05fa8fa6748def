#include "libs/protocol/openflow/hello.h"

#include <string>

#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

constexpr std::uint16_t kVersionBitmap = 1;  // OFPHET_VERSIONBITMAP
constexpr std::size_t kElementHeader = 4;

/// "1, 4, 6"
std::string offered(const Hello& hello) {
  std::string list;
  for (std::size_t word = 0; word < hello.bitmaps.size(); ++word)
    for (unsigned bit = 0; bit < 32; ++bit)
      if ((hello.bitmaps[word] >> bit & 1U) != 0) list += (list.empty() ? "" : ", ") + std::to_string(word * 32 + bit);
  return list.empty() ? "none" : list;
}

}  // namespace

Bytes encode_hello(Xid xid) {
  Writer out;
  const auto start = start_message(out, MessageType::hello, xid);
  out.u16(kVersionBitmap);
  out.u16(kElementHeader + 4);
  out.u32(std::uint32_t{1} << kVersion);
  out.set_u16(start + 2, out.size() - start);
  return out.take();
}

Result<Hello> parse_hello(const Message& message) {
  Hello hello{.version = message.version, .bitmaps = {}};
  Reader in(message.body, "hello");
  bool seen = false;
  while (!in.at_end()) {
    TRY_VOID(in.need(kElementHeader));
    const auto type = in.u16();
    const std::size_t length = in.u16();
    if (length < kElementHeader) return in.malformed("an element shorter than its header");
    TRY_VOID(in.need(length - kElementHeader));
    Reader element(in.take(length - kElementHeader), "hello");
    in.skip((8 - length % 8) % 8);
    if (type != kVersionBitmap) continue;
    if (seen) return in.malformed("two version bitmaps");
    if (element.left() == 0 || element.left() % 4 != 0) return in.malformed("a version bitmap of no whole words");
    seen = true;
    while (!element.at_end()) hello.bitmaps.push_back(element.u32());
  }
  return hello;
}

Result<void> negotiate(const Hello& theirs) {
  // Without a bitmap on both sides the smaller of the two header versions counts; ours is the only one we speak.
  if (theirs.bitmaps.empty()) {
    if (theirs.version >= kVersion) return {};
    return failed_precondition(reason::kNoCommonVersion, "we speak OpenFlow version 5 (1.4); the switch speaks up to " +
                                                             std::to_string(theirs.version));
  }
  if ((theirs.bitmaps.front() >> kVersion & 1U) != 0) return {};
  return failed_precondition(reason::kNoCommonVersion,
                             "we speak OpenFlow version 5 (1.4); the switch offers " + offered(theirs));
}

}  // namespace pratique::openflow
