// A connected stream of bytes for an owner that has a thread of its own: to a path (`unix:/run/openvswitch/db.sock`),
// or to a host and port (`192.0.2.7:6640`, `[2001:db8::7]:6653`). Plain: for TLS a sibling has yet to be written.
//
//   TRY(const auto wake, WakeUp::make());                       // another thread: wake.wake()
//   TRY(auto stream, ByteStream::connect("unix:/run/s", deadline, &wake));
//   std::array on{Interest{.stream = &stream, .write = !output.empty()}};
//   TRY(const auto woken, wait_for(on, &wake, deadline));       // several streams at once
//   if (on[0].readable) TRY(const auto count, stream.read_some(buffer));
//
// No thread, no buffer. One thread at a time uses a stream; a WakeUp may be used by all. Errors: UNAVAILABLE
// STREAM_FAILED (with what the system said), DEADLINE_EXCEEDED STREAM_TIMEOUT, CANCELLED STREAM_WOKEN.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::net {

/// What another thread ends a wait with. Stays set until cleared, so none is lost.
class WakeUp {
 public:
  static Result<WakeUp> make();
  WakeUp(WakeUp&&) noexcept;
  WakeUp& operator=(WakeUp&&) noexcept;
  ~WakeUp();

  void wake() const noexcept;
  void clear() const noexcept;

 private:
  explicit WakeUp(int fd) : fd_(fd) {}
  friend struct StreamWaiting;
  int fd_ = -1;
};

class ByteStream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Tries every address of a host. With `wake`: gives up with CANCELLED when woken. INVALID_ARGUMENT ENDPOINT_INVALID.
  static Result<ByteStream> connect(std::string_view address, Deadline deadline, const WakeUp* wake = nullptr);
  /// INVALID_ARGUMENT ENDPOINT_INVALID for what `connect` would not understand, without connecting.
  static Result<void> check_address(std::string_view address);
  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) noexcept;
  ~ByteStream();

  /// What there is now: how much was read; 0: nothing yet. UNAVAILABLE when the peer has closed.
  Result<std::size_t> read_some(std::span<std::uint8_t> into);
  /// As much as the system takes now; 0: nothing yet.
  Result<std::size_t> write_some(ByteView bytes);
  /// All of it, waiting where the peer is slow. On an error some of it may have gone out.
  Result<void> write_all(ByteView bytes, Deadline deadline, const WakeUp* wake = nullptr);

 private:
  explicit ByteStream(int fd) : fd_(fd) {}
  friend struct StreamWaiting;
  int fd_ = -1;
};

/// What is waited for at one stream, and what came: `readable` also where the peer has closed.
struct Interest {
  const ByteStream* stream = nullptr;
  bool write = false;
  bool readable = false;
  bool writable = false;
};

enum class Waited { ready, woken, deadline };
/// Until one of the streams can be read (or written, where wanted), `wake` is set or the deadline is over.
Result<Waited> wait_for(std::span<Interest> streams, const WakeUp* wake, ByteStream::Deadline deadline);

}  // namespace pratique::net
