// From a connection to a registrar to a voucher that the device believes (RFC 8995 sections 5.1 to 5.7).
#pragma once

#include <optional>
#include <string>

#include "libs/protocol/brski/retry.h"
#include "libs/protocol/voucher/judge_voucher.h"
#include "tools/device/device.h"
#include "tools/device/onboarding.h"
#include "tools/device/registrar_link.h"
#include "tools/device/report.h"

namespace pratique::device {

class VoucherExchange {
 public:
  VoucherExchange(Device& device, const OnboardOptions& options, Patience& patience, Journal& journal)
      : device_(device), options_(options), patience_(patience), journal_(journal) {}

  /// Afterwards the device's progress has an accepted voucher, and `link` trusts whom it pins. `link` may then be one
  /// to another server than before, where the registrar sent the device elsewhere.
  Attempt<voucher::VoucherJudgement> obtain(std::optional<RegistrarLink>& link);

 private:
  Attempt<std::optional<voucher::VoucherJudgement>> resume(RegistrarLink& link);
  Attempt<voucher::VoucherJudgement> ask(std::optional<RegistrarLink>& link);
  Attempt<voucher::VoucherJudgement> believe(RegistrarLink& link, Bytes body, const Journal::Entry& step);
  Result<net::http::Response> send(RegistrarLink& link, std::optional<Ending>& unable);
  Attempt<void> wait(const brski::RetryDecision& decision);
  Attempt<void> follow(std::optional<RegistrarLink>& link, const brski::RetryDecision& decision);
  Result<void> connect(RegistrarLink& link, const Journal::Entry& step);
  Result<void> prepare_request(const crypto::Certificate& server, const std::string& url);
  Result<void> forget();
  RegistrarLink::Trust pinned_trust() const;
  void report(RegistrarLink& link, const Verdict& verdict);
  std::string url(const RegistrarLink& link) const;
  std::optional<Timestamp> now() const;

  Device& device_;
  const OnboardOptions& options_;
  Patience& patience_;
  Journal& journal_;
  std::optional<Progress> progress_;
  bool from_before_ = false;  // the request was made in an earlier run
  std::string target_;
  brski::RetryState state_;
};

}  // namespace pratique::device
