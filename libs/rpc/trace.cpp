#include "libs/rpc/trace.h"

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/system_random.h"

namespace pratique::rpc {
namespace {

bool is_hex(std::string_view text, std::size_t size) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == size && std::ranges::all_of(text, digit) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

std::string fresh(std::size_t bytes) {
  crypto::SystemRandom random;
  return hex_encode(random.bytes(bytes));
}

}  // namespace

std::string trace_of(std::string_view traceparent) {
  // version "00" - trace id (32) - parent id (16) - flags (2)
  if (traceparent.size() == 55 && traceparent.starts_with("00-") && traceparent[35] == '-' && traceparent[52] == '-' &&
      is_hex(traceparent.substr(3, 32), 32) && is_hex(traceparent.substr(36, 16), 16))
    return std::string(traceparent.substr(3, 32));
  return fresh(16);
}

std::string traceparent_for(std::string_view trace_id) {
  return "00-" + (is_hex(trace_id, 32) ? std::string(trace_id) : fresh(16)) + "-" + fresh(8) + "-01";
}

}  // namespace pratique::rpc
