#include "libs/protocol/est/enroll_client.h"

#include <algorithm>

#include "libs/crypto/x509/oids.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/reasons.h"

namespace pratique::est {

RequestWish renew_wish(const crypto::Certificate& current) {
  RequestWish wish;
  wish.subject_der = current.subject_der();
  if (auto names = current.extension(crypto::oid::kSubjectAltName)) wish.extensions.push_back(*std::move(names));
  return wish;
}

Result<crypto::Csr> build_request(const RequestWish& wish, const CsrAttrs& attrs,
                                  const std::optional<ChannelBinding>& binding, const crypto::Signer& key) {
  if (!satisfies(key.public_key(), attrs.keys))
    return failed_precondition(reason::kKeyTypeNotAsked,
                               "the server asks for another kind of key than " + key.public_key().description());
  const auto given = [&attrs](std::string_view oid) {
    return std::ranges::any_of(attrs.extensions, [oid](const auto& extension) { return extension.oid == oid; });
  };
  crypto::CsrProfile profile;
  profile.subject = wish.subject;
  profile.subject_der = wish.subject_der;
  if (!given(crypto::oid::kSubjectAltName)) profile.alt_names = wish.alt_names;
  profile.extra = attrs.extensions;
  std::ranges::copy_if(wish.extensions, std::back_inserter(profile.extra),
                       [&given](const auto& extension) { return !given(extension.oid); });
  if (binding) profile.challenge_password = challenge_password(*binding);
  return crypto::make_csr(profile, key);
}

Result<Enrolled> read_enrolled(std::string_view body, const crypto::PublicKey& key) {
  TRY(auto certificates, parse_certs(body));
  std::optional<crypto::Certificate> ours;
  std::vector<crypto::Certificate> others;
  for (auto& certificate : certificates) {
    if (!(certificate.public_key() == key)) {
      others.push_back(std::move(certificate));
    } else if (!ours) {
      ours = std::move(certificate);
    } else if (!(*ours == certificate)) {
      return invalid("EST_CERTIFICATE_AMBIGUOUS", "the answer holds more than one certificate for our key");
    }
  }
  if (!ours) return invalid("EST_CERTIFICATE_NOT_OURS", "the answer holds no certificate for our key");
  return Enrolled{*std::move(ours), std::move(others)};
}

crypto::ChainVerdict judge_enrolled(const Enrolled& enrolled, std::span<const crypto::Certificate> anchors,
                                    const crypto::ChainOptions& options) {
  return crypto::verify_chain(enrolled.certificate, enrolled.others, anchors, options);
}

}  // namespace pratique::est
