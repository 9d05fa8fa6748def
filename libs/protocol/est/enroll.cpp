#include "libs/protocol/est/enroll.h"

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/keys/key_policy.h"
#include "libs/crypto/x509/oids.h"
#include "libs/protocol/est/algorithm_oids.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/reasons.h"

namespace pratique::est {
namespace {

using crypto::Extension;

// CertificationRequest ::= SEQUENCE { info, signatureAlgorithm AlgorithmIdentifier, signature } (RFC 2986 section 4.2)
struct SignatureAlgorithm {
  std::string oid;
  bool strong = false;
};

// RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] AlgorithmIdentifier DEFAULT sha1, … } (RFC 8017 appendix A.2.3)
Result<bool> is_strong_pss(der::Reader parameters) {
  TRY(const auto sequence, parameters.expect(der::kSequence, "RSASSA-PSS-params"));
  der::Reader inside(sequence.content);
  if (inside.peek() != der::context(0)) return false;
  TRY(const auto tagged, inside.next());
  der::Reader hash(tagged.content);
  TRY(const auto algorithm, hash.expect(der::kSequence, "the hash"));
  der::Reader names(algorithm.content);
  TRY(const auto name, names.expect(der::kOid, "the hash"));
  TRY(const auto dotted, der::decode_oid(name.content));
  return oid::contains(oid::kStrongHashes, dotted);
}

Result<SignatureAlgorithm> signature_algorithm(const crypto::Csr& csr) {
  der::Reader outer(csr.der());
  TRY(const auto request, outer.expect(der::kSequence, "the request"));
  der::Reader parts(request.content);
  TRY_VOID(parts.expect(der::kSequence, "what is signed"));
  TRY(const auto algorithm, parts.expect(der::kSequence, "the signature algorithm"));
  der::Reader inside(algorithm.content);
  TRY(const auto name, inside.expect(der::kOid, "the signature algorithm"));
  SignatureAlgorithm out;
  TRY(out.oid, der::decode_oid(name.content));
  out.strong = out.oid == oid::kRsaPss ? is_strong_pss(inside).value_or(false)
                                       : oid::contains(oid::kStrongSignatures, out.oid);
  return out;
}

const Extension* find_extension(const std::vector<Extension>& extensions, std::string_view oid) {
  const auto found = std::ranges::find(extensions, oid, &Extension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, … }. What cannot be read has no benefit of the doubt.
bool claims_ca(const Extension& basic_constraints) {
  der::Reader reader(basic_constraints.value);
  const auto sequence = reader.expect(der::kSequence, "BasicConstraints");
  if (!sequence) return true;
  der::Reader inside(sequence->content);
  return !inside.at_end() && inside.peek() == der::kBoolean;
}

bool claims_signing(const Extension& usage) {
  constexpr std::uint8_t kKeyCertSignAndCrlSign = 0x06;  // bits 5 and 6 of KeyUsage
  der::Reader reader(usage.value);
  const auto bits = reader.expect(der::kBitString, "KeyUsage");
  if (!bits) return true;
  return bits->content.size() > 1 && (bits->content[1] & kKeyCertSignAndCrlSign) != 0;
}

Verdict judge_signature(const crypto::Csr& csr, const CsrAttrs& asked) {
  Verdict verdict;
  if (const auto verified = csr.verify(); !verified)
    verdict.refuse(reason::kSignatureInvalid, "the request is not signed by its own key",
                   {{"cause", verified.error().reason}});
  const auto algorithm = signature_algorithm(csr);
  if (!algorithm) {
    verdict.refuse(reason::kSignatureWeak, "the signature algorithm cannot be read",
                   {{"cause", algorithm.error().message}});
    return verdict;
  }
  if (!algorithm->strong)
    verdict.refuse(reason::kSignatureWeak, "the signature algorithm is not strong enough",
                   {{"algorithm", algorithm->oid}});
  if (!asked.signature_algorithms.empty() && !oid::contains(asked.signature_algorithms, algorithm->oid))
    verdict.note(reason::kSignatureNotAsked, "signed with another algorithm than asked",
                 {{"algorithm", algorithm->oid}});
  return verdict;
}

Verdict judge_public_key(const crypto::Csr& csr, const EnrollFacts& facts) {
  Verdict verdict;
  const auto& key = csr.public_key();
  const Evidence seen{{"key", key.description()}};
  if (const auto policy = crypto::judge_key(key); !policy.accepted())
    verdict.refuse(reason::kKeyWeak, policy.first().message,
                   {{"key", key.description()}, {"policy", policy.first().code}});
  if (!satisfies(key, facts.asked.keys))
    verdict.refuse(reason::kKeyTypeNotAsked, "the key is of another kind than asked", seen);
  const bool presented_barred = !facts.renewal || !facts.renewal_may_keep_key;
  if (facts.presented && presented_barred && facts.presented->public_key() == key)
    verdict.refuse(reason::kKeyReused, "the key is that of the certificate presented",
                   {{"presented", facts.presented->subject()}});
  else if (std::ranges::find(facts.barred_keys, key) != facts.barred_keys.end())
    verdict.refuse(reason::kKeyReused, "the key is barred", {{"key_sha256", hex_encode(key.fingerprint_sha256())}});
  return verdict;
}

Verdict judge_extensions(const crypto::Csr& csr, const CsrAttrs& asked) {
  Verdict verdict;
  const auto& sent = csr.requested_extensions();  // each stands there once: Csr sees to it
  for (const auto& extension : sent)
    if ((extension.oid == crypto::oid::kBasicConstraints && claims_ca(extension)) ||
        (extension.oid == crypto::oid::kKeyUsage && claims_signing(extension)))
      verdict.refuse(reason::kAsksForCa, "the request asks for the powers of a CA", {{"extension", extension.oid}});

  for (const auto& wanted : asked.extensions) {
    const Extension* const found = find_extension(sent, wanted.oid);
    if (found == nullptr)
      verdict.refuse(reason::kExtensionMissing, "an extension that was asked for is missing",
                     {{"extension", wanted.oid}});
    else if (found->value != wanted.value)
      verdict.refuse(reason::kExtensionDiffers, "an extension has another value than asked",
                     {{"extension", wanted.oid},
                      {"sent", hex_encode(found->value)},
                      {"asked", hex_encode(wanted.value)}});
    else if (found->critical != wanted.critical)
      verdict.note(reason::kExtensionCriticality, "as asked but for the critical mark", {{"extension", wanted.oid}});
  }
  for (const auto& name : asked.named_extensions)
    if (find_extension(sent, name) == nullptr)
      verdict.note(reason::kNamedExtensionMissing, "an extension that was named is missing", {{"extension", name}});
  return verdict;
}

Verdict judge_binding(const crypto::Csr& csr, const EnrollFacts& facts) {
  Verdict verdict;
  const auto password = csr.challenge_password();
  if (!password) {
    if (facts.binding_required)
      verdict.refuse(reason::kBindingMissing, "the request has no challenge password");
    else if (facts.asked.challenge_password)
      verdict.note(reason::kBindingUnchecked, "the challenge password that was asked for is missing");
  } else if (facts.bindings.empty()) {
    if (facts.binding_required)
      verdict.refuse(reason::kBindingMissing, "the connection has no channel binding to compare with");
    else
      verdict.note(reason::kBindingUnchecked, "the connection has no channel binding to compare with");
  } else if (!matches(*password, facts.bindings)) {
    verdict.refuse(reason::kBindingMismatch, "the challenge password is not the channel binding of this connection",
                   {{"binding", std::string(to_string(facts.bindings.front().kind))}});
  }
  return verdict;
}

// RFC 7030 section 4.2.2: identical to those of the certificate that is renewed.
Verdict judge_renewal(const crypto::Csr& csr, const EnrollFacts& facts) {
  Verdict verdict;
  if (!facts.renewal) return verdict;
  if (!facts.presented) {
    verdict.refuse(reason::kCertificateNotPresented, "renewal without a client certificate");
    return verdict;
  }
  if (csr.subject_der() != facts.presented->subject_der())
    verdict.refuse(reason::kSubjectDiffers, "the subject is another one",
                   {{"sent", csr.subject()}, {"presented", facts.presented->subject()}});
  const Extension* const sent = find_extension(csr.requested_extensions(), crypto::oid::kSubjectAltName);
  const auto held = facts.presented->extension(crypto::oid::kSubjectAltName);
  const Bytes sent_value = sent == nullptr ? Bytes{} : sent->value;
  const Bytes held_value = held ? held->value : Bytes{};
  if (sent_value != held_value)
    verdict.refuse(reason::kAltNameDiffers, "the subjectAltName is another one",
                   {{"sent", hex_encode(sent_value)}, {"presented", hex_encode(held_value)}});
  return verdict;
}

}  // namespace

Result<crypto::Csr> read_request(std::string_view body) {
  TRY(const auto der, decode_body(body, kMaxRequestDer));
  auto csr = crypto::Csr::parse_der(der);
  if (!csr) return invalid(reason::kCsrUndecodable, csr.error().message).with("cause", csr.error().reason);
  return csr;
}

Verdict judge_enroll(const crypto::Csr& csr, const EnrollFacts& facts) {
  Verdict verdict = judge_signature(csr, facts.asked);
  verdict.absorb(judge_binding(csr, facts));
  verdict.absorb(judge_renewal(csr, facts));
  verdict.absorb(judge_public_key(csr, facts));
  verdict.absorb(judge_extensions(csr, facts.asked));
  return verdict;
}

}  // namespace pratique::est
