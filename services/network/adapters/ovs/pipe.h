// One connection, and bytes that wait to go out on it.
#pragma once

#include <chrono>

#include "libs/net/byte_stream.h"

namespace pratique::network {

struct Pipe {
  net::ByteStream stream;
  Bytes output = {};
  std::size_t sent = 0;
  std::chrono::steady_clock::time_point heard_at = std::chrono::steady_clock::now();
  bool asked = false;  // an echo waits for its answer

  void add(ByteView bytes) {
    if (sent == output.size()) {
      output.clear();
      sent = 0;
    }
    output.insert(output.end(), bytes.begin(), bytes.end());
  }
  bool has_output() const { return sent < output.size(); }
  Result<void> write() {
    while (has_output()) {
      TRY(const auto count, stream.write_some(ByteView(output).subspan(sent)));
      if (count == 0) break;
      sent += count;
    }
    return {};
  }
};

}  // namespace pratique::network
