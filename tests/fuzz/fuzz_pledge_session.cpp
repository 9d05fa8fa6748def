// A device and a network that may say anything.
#include "libs/protocol/brski/status.h"
#include "tests/fuzz/good_session.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {

void fuzz_pledge_session(ByteView input) {
  Steering in(input);
  const auto& session = pick_session(in);
  const auto& world = session.world;
  const brski::PledgePolicy policy{.profile = session.profile, .accept_nonceless = in.flag()};
  const auto now = in.flag() ? std::nullopt : std::optional(world.now);
  const auto server = pick_chain(in, session.owner_chain);
  const auto body = spoil({.envelope = session.made.body, .content = voucher::encode_voucher(session.made.content),
                           .signer = world.masa, .profile = session.profile}, in);

  const auto judged = brski::judge_voucher_as_pledge(body, session.maker_anchors, world.device.certificate,
                                                     session.pvr.nonce, server, now, policy);
  const auto report = brski::report_voucher_status(judged.verdict);
  require(report.status == judged.verdict.accepted(), "the report says what was judged");
  require(brski::parse_status_report(as_bytes(brski::encode_status_report(report))).has_value(), "and can be read");
  if (!judged.verdict.accepted()) return;

  require(judged.voucher.has_value() && !server.empty(), "an accepted voucher was read, about a server that was seen");
  require(judged.signer->issuer_der() == world.maker_ca.certificate.subject_der() ||
              *judged.signer == world.maker_ca.certificate,
          "the manufacturer signs vouchers");
  require(judged.voucher->serial_number == session.device.serial_number, "a voucher for this device");
  require(judged.pinned || judged.voucher->pinned_domain_pubk || judged.voucher->pinned_domain_pubk_sha256,
          "an accepted voucher pins something");
  require(judged.pin == voucher::PinMatch::server_key || judged.pin == voucher::PinMatch::issuing_ca,
          "and that is the server that was seen");
  if (judged.voucher->nonce) {
    require(judged.voucher->nonce->matches(session.pvr.nonce), "the nonce is ours");
  } else {
    require(policy.accept_nonceless && now && judged.voucher->expires_on > *now, "without a nonce: not yet expired");
  }
}

}  // namespace pratique::fuzz
