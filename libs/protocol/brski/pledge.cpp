#include "libs/protocol/brski/pledge.h"

#include "libs/protocol/voucher/reasons.h"
#include "libs/protocol/voucher/signed_voucher.h"

namespace pratique::brski {

using namespace voucher;

Result<PledgeRequest> build_pledge_request(const PledgeIdentity& identity, const crypto::Certificate& registrar,
                                           Random& random, std::optional<Timestamp> now, WireProfile profile) {
  auto serial = identity.idevid.subject_serial_number();
  if (!serial) return failed_precondition(kIdevidSerialMissing, "the IDevID's subject has no serialNumber");
  auto nonce = Nonce::make(random);
  const VoucherRequest request{.created_on = now,
                               .assertion = Assertion::proximity,
                               .serial_number = *std::move(serial),
                               .nonce = nonce,
                               .proximity_registrar_cert = registrar.der()};
  TRY(auto body, sign_request(request, {identity.idevid, identity.key}, identity.chain, profile, now));
  return PledgeRequest{.body = std::move(body), .nonce = std::move(nonce)};
}

VoucherJudgement judge_voucher_as_pledge(ByteView body, std::span<const crypto::Certificate> anchors,
                                         const crypto::Certificate& idevid, const Nonce& nonce,
                                         std::span<const crypto::Certificate> registrar_chain,
                                         std::optional<Timestamp> now, const PledgePolicy& policy) {
  return judge_voucher(body, anchors,
                       {.serial_number = idevid.subject_serial_number().value_or(""),
                        .nonce = nonce,
                        .accept_nonceless = policy.accept_nonceless,
                        .server_chain = {registrar_chain.begin(), registrar_chain.end()},
                        .idevid = idevid,
                        .now = now,
                        .profile = policy.profile});
}

StatusReport report_voucher_status(const Verdict& verdict) {
  if (verdict.accepted()) return {.status = true, .reason = "the voucher is accepted"};
  StatusReport report{.status = false, .reason = verdict.first().code + ": " + verdict.first().message};
  auto codes = json::Value::array();
  for (const auto& finding : verdict.findings()) codes.push_back(finding.code);
  report.reason_context.set("codes", std::move(codes));
  return report;
}

StatusReport report_enroll_status(bool success, std::string_view why) {
  return {.status = success, .reason = success ? "enrolled" : std::string(why)};
}

}  // namespace pratique::brski
