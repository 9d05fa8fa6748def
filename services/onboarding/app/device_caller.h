// The device at the other end of a TLS connection, as the front saw it.
#pragma once

#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::onboarding {

struct DeviceCaller {
  std::vector<crypto::Certificate> chain;  // leaf first; the key of the leaf is proven; empty: it showed none
  std::string remote_address;              // without the port
  Bytes channel_binding;                   // RFC 5929 tls-unique or RFC 9266 tls-exporter
  bool tls13 = false;                      // which of the two

  const crypto::Certificate* leaf() const { return chain.empty() ? nullptr : &chain.front(); }
};

}  // namespace pratique::onboarding
