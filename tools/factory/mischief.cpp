#include "tools/factory/mischief.h"

#include <algorithm>
#include <array>

#include "libs/crypto/x509/issue.h"

namespace pratique::factory {
namespace {

constexpr std::array<std::pair<std::string_view, Misdeed>, 6> kWords{{
    {"forged", Misdeed::forged},
    {"other-owner", Misdeed::other_owner},
    {"wrong-serial", Misdeed::wrong_serial},
    {"replay-nonce", Misdeed::replay_nonce},
    {"silent", Misdeed::silent},
    {"audit-other-owner", Misdeed::audit_other_owner},
}};
constexpr std::chrono::days kLife{365};

Result<OrderedMisdeed> parse_one(std::string_view word) {
  const auto equals = word.find('=');
  const auto name = word.substr(0, equals);
  const auto found = std::ranges::find(kWords, name, &std::pair<std::string_view, Misdeed>::first);
  if (found == kWords.end()) return invalid("MISDEED_UNKNOWN", "'" + std::string(name) + "' is no misdeed");
  return OrderedMisdeed{found->second, equals == std::string_view::npos ? "" : std::string(word.substr(equals + 1))};
}

}  // namespace

Result<std::vector<OrderedMisdeed>> parse_misdeeds(std::string_view text) {
  std::vector<OrderedMisdeed> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    TRY(auto one, parse_one(text.substr(0, comma)));
    out.push_back(std::move(one));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

Result<Mischief> Mischief::make(std::vector<OrderedMisdeed> ordered, const Clock& clock, Random& random) {
  Mischief out;
  out.ordered_ = std::move(ordered);
  if (out.ordered_.empty()) return out;
  const auto self_signed = [&](std::string name) -> Result<pki::Identity> {
    TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    const auto now = clock.now();
    TRY(auto certificate,
        crypto::issue_self_signed(
            crypto::CertificateProfile::root_ca({.common_name = std::move(name)}, now, now + kLife), key, random));
    return pki::Identity{{std::move(certificate)}, std::move(key)};
  };
  TRY(auto signing, self_signed("Example Devices MASA"));
  TRY(const auto owner, self_signed("Another Owner Root CA"));
  out.false_.emplace(False{std::move(signing), owner.chain.front()});
  return out;
}

bool Mischief::does(Misdeed misdeed, std::string_view serial) const {
  return std::ranges::any_of(ordered_, [&](const OrderedMisdeed& one) {
    return one.misdeed == misdeed && (one.serial.empty() || one.serial == serial);
  });
}

bool Mischief::spoil(voucher::Voucher& content, Random& random) const {
  const auto serial = content.serial_number;
  bool spoilt = does(Misdeed::forged, serial);
  if (does(Misdeed::other_owner, serial)) {
    content.pinned_domain_cert = other_owner().der();
    spoilt = true;
  }
  if (does(Misdeed::wrong_serial, serial)) {
    content.serial_number += "-0";
    spoilt = true;
  }
  if (does(Misdeed::replay_nonce, serial)) {
    content.nonce = voucher::Nonce::make(random);
    spoilt = true;
  }
  return spoilt;
}

const pki::Identity* Mischief::false_signer(std::string_view serial) const {
  return does(Misdeed::forged, serial) ? &false_->signing : nullptr;
}

}  // namespace pratique::factory
