// Damaged artefacts: wherever a byte is changed or the end is cut, nothing crashes, and what is still accepted says exactly
// what was signed (a few bytes of a CMS envelope are covered by no signature).
#include <catch2/catch.hpp>

#include "libs/protocol/brski/masa.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/registrar.h"
#include "libs/protocol/voucher/reasons.h"
#include "tests/support/brski_world.h"

using namespace pratique;
using namespace pratique::brski;
using namespace pratique::voucher;
using pratique::test::brski_world;
using pratique::test::must;

namespace {

/// Calls `judge` with each damaged form of `whole`, and gives how many it accepted.
template <typename Judge>
int count_accepted(const Bytes& whole, Judge judge) {
  int accepted = 0;
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    auto damaged = whole;
    damaged[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    accepted += judge(damaged);
  }
  for (std::size_t length = 0; length < whole.size(); length += 31)
    CHECK_FALSE(judge(to_bytes(ByteView(whole).first(length))));
  return accepted;
}

}  // namespace

TEST_CASE("damage: voucher and requests", "[protocol][brski]") {
  auto& world = brski_world();
  crypto::SystemRandom random;
  const auto asked = must(build_pledge_request({world.device.certificate, world.device.key},
                                               world.registrar.certificate, random, world.now));
  const std::vector client = {world.device.certificate}, ours = {world.registrar.certificate};
  const auto judged = judge_pledge_request(asked.body, client, ours, WireProfile::strict, world.now);
  REQUIRE(judged.verdict.accepted());
  const auto rvr =
      must(build_registrar_request(*judged.facts, {world.registrar.certificate, world.registrar.key},
                                   std::vector{world.owner_ca.certificate}, {}, WireProfile::strict, world.now));
  const RegisteredDevice device{.serial_number = "00-D0-E5-F2-00-02", .issuers = world.maker_anchors()};
  const auto opened = open_registrar_request(rvr, WireProfile::strict);
  REQUIRE(opened.facts);
  const auto made = must(build_voucher(*opened.facts, judge_registrar_request(*opened.facts, &device, {}, world.now),
                                       {world.masa.certificate, world.masa.key}, {}, {}, world.now));

  SECTION("a signature that was changed") {
    const auto changed = [](Bytes whole) {
      whole.back() ^= 1;
      return whole;
    };
    CHECK(judge_pledge_request(changed(asked.body), client, ours, WireProfile::strict, world.now)
              .verdict.refused_for(kPvrSignatureInvalid));
    CHECK(open_registrar_request(changed(rvr), WireProfile::strict).verdict.refused_for(kRvrSignatureInvalid));
    CHECK(judge_voucher_as_pledge(changed(made.body), world.maker_anchors(), world.device.certificate, asked.nonce,
                                  world.owner_chain(), world.now)
              .verdict.refused_for(kVoucherSignatureInvalid));
  }
  SECTION("the pledge's request at the registrar") {
    const int accepted = count_accepted(asked.body, [&](const Bytes& damaged) {
      const auto answer = judge_pledge_request(damaged, client, ours, WireProfile::strict, world.now);
      if (answer.verdict.accepted()) CHECK(answer.facts->nonce->text() == asked.nonce.text());
      return answer.verdict.accepted();
    });
    // The certificate inside is compared by key alone; its chain is that of the TLS connection.
    CHECK(accepted < static_cast<int>(world.device.certificate.der().size() / 5) + 12);
  }
  SECTION("the registrar's request at the MASA") {
    const int accepted = count_accepted(rvr, [&](const Bytes& damaged) {
      const auto again = open_registrar_request(damaged, WireProfile::strict);
      if (!again.facts) return false;
      CHECK(again.facts->artifact.content == opened.facts->artifact.content);
      return judge_registrar_request(*again.facts, &device, {}, world.now).verdict.accepted();
    });
    CHECK(accepted < 12);
  }
  SECTION("the voucher at the pledge") {
    const int accepted = count_accepted(made.body, [&](const Bytes& damaged) {
      const auto answer = judge_voucher_as_pledge(damaged, world.maker_anchors(), world.device.certificate, asked.nonce,
                                                  world.owner_chain(), world.now);
      if (answer.verdict.accepted()) CHECK(encode_voucher(*answer.voucher) == encode_voucher(made.content));
      return answer.verdict.accepted();
    });
    CHECK(accepted < 12);
  }
}
