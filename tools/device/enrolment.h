// From a believed voucher to a credential in the store, and its renewal (RFC 7030, RFC 8995 section 5.9).
#pragma once

#include <vector>

#include "libs/protocol/voucher/judge_voucher.h"
#include "tools/device/device.h"
#include "tools/device/est_client.h"
#include "tools/device/onboarding.h"
#include "tools/device/registrar_link.h"

namespace pratique::device {

class Enrolment {
 public:
  Enrolment(Device& device, const OnboardOptions& options, Patience& patience, Journal& journal)
      : device_(device), options_(options), patience_(patience), journal_(journal) {}

  /// Over the connection on which the voucher was believed; ends with enrollstatus.
  Attempt<void> enrol(RegistrarLink& link, const voucher::VoucherJudgement& voucher);
  /// simplereenroll over a connection that the present credential opened.
  Attempt<void> renew(RegistrarLink& link, const Credential& present);

 private:
  Attempt<crypto::SoftwareKey> fresh_key(const est::CsrAttrs& attrs);
  Attempt<void> report_success(const net::Endpoint& registrar, const Credential& credential);
  void report_failure(RegistrarLink& link, const Ending& why);

  Device& device_;
  const OnboardOptions& options_;
  Patience& patience_;
  Journal& journal_;
};

/// A connection that the credential opens, to a server that the domain vouches for.
Attempt<RegistrarLink> domain_link(const net::Endpoint& registrar, const Credential& credential, const Clock* clock);

}  // namespace pratique::device
