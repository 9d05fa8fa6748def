// Every fuzz target: a function that takes any bytes and either returns or, where a promise of the code under test is
// broken, throws. One file each, fuzz_<target>.cpp. CMakeLists.txt reads the list from here.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"

namespace pratique::fuzz {

// clang-format off
#define PRATIQUE_FUZZ_TARGETS(TARGET) \
  TARGET(json) \
  TARGET(text_forms) \
  TARGET(der) \
  TARGET(certificate) \
  TARGET(public_key) \
  TARGET(csr) \
  TARGET(cms) \
  TARGET(crl) \
  TARGET(ocsp) \
  TARGET(csrattrs) \
  TARGET(est_body) \
  TARGET(voucher_envelope) \
  TARGET(voucher_content) \
  TARGET(audit_log) \
  TARGET(telemetry) \
  TARGET(url) \
  TARGET(radius) \
  TARGET(hostapd) \
  TARGET(ovsdb) \
  TARGET(openflow) \
  TARGET(http) \
  TARGET(http_fields) \
  TARGET(registrar_session) \
  TARGET(masa_session) \
  TARGET(pledge_session) \
  TARGET(est_session)
// clang-format on

#define PRATIQUE_DECLARE(name) void fuzz_##name(ByteView input);
PRATIQUE_FUZZ_TARGETS(PRATIQUE_DECLARE)
#undef PRATIQUE_DECLARE

struct Target {
  std::string_view name;
  void (*run)(ByteView input);
};
std::span<const Target> targets();

/// A broken promise: under libFuzzer a crash, under the unit tests a failure.
inline void require(bool kept, const char* promise) {
  if (!kept) throw std::logic_error(std::string("broken promise: ") + promise);
}

}  // namespace pratique::fuzz
