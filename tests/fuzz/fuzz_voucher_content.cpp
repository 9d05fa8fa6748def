// The JSON inside vouchers and voucher requests.
#include "libs/protocol/voucher/idevid_issuer.h"
#include "libs/protocol/voucher/pinning.h"
#include "libs/protocol/voucher/proximity.h"
#include "libs/protocol/voucher/voucher.h"
#include "libs/protocol/voucher/voucher_request.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {
namespace {

using voucher::WireProfile;

void a_voucher(ByteView input, WireProfile profile) {
  const auto content = voucher::parse_voucher(input, profile);
  if (!content) return;
  require(profile == WireProfile::lenient || content->leniencies.empty(), "strict has no leniencies");
  const auto& world = test::brski_world();
  require(voucher::match_pin(*content, world.owner_chain(), world.now) != voucher::PinMatch::server_key ||
              content->pinned_domain_pubk_sha256 || content->pinned_domain_pubk || content->pinned_domain_cert,
          "a match has something that is pinned");
  const auto text = voucher::encode_voucher(*content);
  const auto again = voucher::parse_voucher(as_bytes(text), WireProfile::lenient);
  require(again.has_value(), "a voucher that was read can be written and read");
  require(voucher::encode_voucher(*again) == text, "the same voucher is written as the same bytes");
  if (profile == WireProfile::strict)
    require(voucher::parse_voucher(as_bytes(text), WireProfile::strict).has_value(), "strict stays strict");
}

void a_request(ByteView input, WireProfile profile) {
  const auto content = voucher::parse_voucher_request(input, profile);
  if (!content) return;
  require(profile == WireProfile::lenient || content->leniencies.empty(), "strict has no leniencies");
  require(content->serial_number.size() <= voucher::kMaxSerialNumber * 4, "the limit of serial numbers");
  const auto& world = test::brski_world();
  require(voucher::names_registrar(*content) || !voucher::names_registrar(*content, world.registrar.certificate),
          "who is named is named");
  if (content->idevid_issuer) (void)voucher::match_idevid_issuer(*content->idevid_issuer, world.device.certificate);
  const auto text = voucher::encode_voucher_request(*content);
  const auto again = voucher::parse_voucher_request(as_bytes(text), WireProfile::lenient);
  require(again.has_value(), "a request that was read can be written and read");
  require(voucher::encode_voucher_request(*again) == text, "the same request is written as the same bytes");
  if (profile == WireProfile::strict)
    require(voucher::parse_voucher_request(as_bytes(text), WireProfile::strict).has_value(), "strict stays strict");
}

}  // namespace

void fuzz_voucher_content(ByteView input) {
  for (const auto profile : {WireProfile::strict, WireProfile::lenient}) {
    a_voucher(input, profile);
    a_request(input, profile);
  }
}

}  // namespace pratique::fuzz
