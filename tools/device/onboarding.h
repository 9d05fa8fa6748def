// A device joins a network: BRSKI (RFC 8995) and EST (RFC 7030), from discovery to the credential.
//
// The order of steps, as the report names them:
//   discover        where no address was given: _brski-proxy._tcp over DNS-SD
//   connect         TLS with the IDevID, the server not yet judged
//   request         a voucher request that names this server; kept, so that a restart sends the same bytes again
//   voucher         asked for until it is there, then judged
//   voucher_status  what was judged, on the same connection
//   cacerts, csrattrs, key, enrol, verify
//   enrollstatus    on a new connection with the new certificate
//
// A new connection in the middle. Before the voucher: the same request is sent again only to a server with the same key
// (both ends compare, RFC 8995 section 5.1); to another one goes a new request with a fresh nonce that names *it*.
// After the voucher: the server must be the one that the voucher pins, or descend from the CA that it pins; else the
// voucher is of no use there and all begins anew.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/net/endpoint.h"
#include "libs/protocol/voucher/wire_profile.h"
#include "tools/device/device.h"
#include "tools/device/patience.h"
#include "tools/device/report.h"

namespace pratique::device {

struct Discovery {
  std::vector<std::string> interfaces = {};  // by name; empty: all
  std::chrono::milliseconds look{3000};      // each time
};

struct OnboardOptions {
  std::vector<net::Endpoint> registrars = {};  // tried in this order
  std::optional<Discovery> discover = {};      // where there are none
  std::chrono::milliseconds timeout = std::chrono::hours{96};
  const Clock* clock = nullptr;  // null: the device has none; validity is then not looked at
  voucher::WireProfile profile = voucher::WireProfile::strict;
  bool accept_nonceless = false;  // see brski::PledgePolicy
  Patience::Wait wait = {};       // empty: sleeps
  Journal::Told told = {};        // each step as it ends
};

/// Never throws, never waits longer than the timeout and one exchange.
OnboardReport onboard(Device& device, const OnboardOptions& options);
/// simplereenroll with a new key, over TLS that the domain's CA certificates vouch for. At the registrar where the
/// device was onboarded where `options.registrars` is empty.
OnboardReport renew(Device& device, const OnboardOptions& options);

}  // namespace pratique::device
