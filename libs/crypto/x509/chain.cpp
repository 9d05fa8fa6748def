#include "libs/crypto/x509/chain.h"

#include <openssl/err.h>

#include <algorithm>

#include "libs/crypto/x509/asn1_text.h"
#include "libs/crypto/x509/certificate_handle.h"

namespace pratique::crypto {
namespace {

// OpenSSL's level 2: 112 bits, so RSA of 2048 bits and SHA-256 at least.
constexpr int kSecurityLevel = 2;

std::string_view code_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return "CERTIFICATE_EXPIRED";
    case X509_V_ERR_CERT_NOT_YET_VALID: return "CERTIFICATE_NOT_YET_VALID";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
    case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH:
    case X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY: return "CERTIFICATE_SIGNATURE_INVALID";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS: return "CERTIFICATE_KEY_WEAK";
    case X509_V_ERR_CA_MD_TOO_WEAK: return "CERTIFICATE_HASH_WEAK";
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: return "CERTIFICATE_NOT_CA";
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_CERT_REJECTED: return "CERTIFICATE_PURPOSE_REFUSED";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return "CERTIFICATE_HOST_MISMATCH";
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: return "CERTIFICATE_EXTENSION_UNKNOWN";
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX: return "CERTIFICATE_NAME_CONSTRAINT";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return "CHAIN_ISSUER_UNKNOWN";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return "CHAIN_ANCHOR_UNKNOWN";
    case X509_V_ERR_PATH_LENGTH_EXCEEDED: return "CHAIN_PATH_LENGTH";
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: return "CHAIN_TOO_LONG";
    default: return "CHAIN_REFUSED";
  }
}

struct Findings {
  const ChainOptions* options;
  ChainVerdict* verdict;
};

void refuse(ChainVerdict& verdict, int error, int depth, X509* certificate) {
  const auto code = code_of(error);
  const auto depth_text = std::to_string(depth);
  // "No issuer" and "so the first certificate cannot be verified" are one finding.
  for (const auto& finding : verdict.findings())
    if (finding.code == code && finding.evidence.front().second == depth_text) return;
  const auto subject = certificate == nullptr ? std::string() : name_text(X509_get_subject_name(certificate));
  verdict.refuse(code, X509_verify_cert_error_string(error), {{"depth", depth_text}, {"subject", subject}});
}

// Goes on after each finding, so that all of them are named; verify_chain looks at the verdict, not at the return value
// of X509_verify_cert.
int note(int good, X509_STORE_CTX* context) {
  if (good != 0) return 1;
  const auto& findings = *static_cast<Findings*>(X509_STORE_CTX_get_app_data(context));
  const int error = X509_STORE_CTX_get_error(context);
  const int depth = X509_STORE_CTX_get_error_depth(context);
  const bool forgiven =
      error == X509_V_ERR_CERT_HAS_EXPIRED && depth == 0 && findings.options->ignore_leaf_not_after;
  if (!forgiven) refuse(*findings.verdict, error, depth, X509_STORE_CTX_get_current_cert(context));
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

int purpose_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::any: return X509_PURPOSE_ANY;
    case Purpose::tls_server: return X509_PURPOSE_SSL_SERVER;
    case Purpose::tls_client: return X509_PURPOSE_SSL_CLIENT;
  }
  return X509_PURPOSE_ANY;
}

bool apply(const ChainOptions& options, X509_STORE_CTX* context) {
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
  // Without X509_V_FLAG_CHECK_SS_SIGNATURE: verify_chain asks the certificate, which remembers the answer.
  unsigned long flags = X509_V_FLAG_TRUSTED_FIRST;
  if (options.partial_chain) flags |= X509_V_FLAG_PARTIAL_CHAIN;
  if (options.at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*options.at);
    X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(seconds.time_since_epoch().count()));
  } else {
    flags |= X509_V_FLAG_NO_CHECK_TIME;
  }
  X509_VERIFY_PARAM_set_depth(parameters, options.max_intermediates);
  X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set_flags(parameters, flags) != 1 ||
      X509_VERIFY_PARAM_set_purpose(parameters, purpose_of(options.purpose)) != 1)
    return false;
  if (options.host.empty()) return true;
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, options.host.c_str()) == 1) return true;
  ERR_clear_error();
  return X509_VERIFY_PARAM_set1_host(parameters, options.host.data(), options.host.size()) == 1;
}

const Certificate* find(const X509* x509, const Certificate& leaf, std::span<const Certificate> intermediates,
                        std::span<const Certificate> anchors) {
  for (const auto candidates : {std::span<const Certificate>(&leaf, 1), intermediates, anchors})
    for (const auto& candidate : candidates)
      if (candidate.handle().get() == x509) return &candidate;
  return nullptr;
}

}  // namespace

ChainVerdict verify_chain(const Certificate& leaf, std::span<const Certificate> intermediates,
                          std::span<const Certificate> anchors, const ChainOptions& options) {
  ChainVerdict verdict;
  if (intermediates.size() > kMaxIntermediates) {
    verdict.refuse("CHAIN_TOO_MANY_CERTIFICATES",
                   std::to_string(intermediates.size()) + " certificates beside the leaf, at most " +
                       std::to_string(kMaxIntermediates) + " are looked at",
                   {{"depth", "0"}, {"subject", leaf.subject()}});
    return verdict;
  }
  const auto trusted = x509_stack(anchors), untrusted = x509_stack(intermediates);
  // The stack of anchors stands in for the store's contents; the store itself stays empty.
  const X509StorePtr store(X509_STORE_new());
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  Findings findings{&options, &verdict};
  if (store == nullptr || context == nullptr ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf.handle().get(), untrusted.get()) != 1 ||
      !apply(options, context.get())) {
    refuse(verdict, X509_V_ERR_UNSPECIFIED, 0, leaf.handle().get());
    take_openssl_error();
    return verdict;
  }
  X509_STORE_CTX_set0_trusted_stack(context.get(), trusted.get());
  X509_STORE_CTX_set_app_data(context.get(), &findings);
  X509_STORE_CTX_set_verify_cb(context.get(), note);

  const int done = X509_verify_cert(context.get());
  if (done != 1 && verdict.accepted())
    refuse(verdict, X509_STORE_CTX_get_error(context.get()), X509_STORE_CTX_get_error_depth(context.get()),
           leaf.handle().get());
  take_openssl_error();

  // OpenSSL built it of the very objects that it was given.
  const auto* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i)
    if (const auto* one = find(sk_X509_value(chain, i), leaf, intermediates, anchors)) verdict.chain.push_back(*one);
  if (!verdict.chain.empty() && verdict.chain.back().has_wrong_self_signature())
    refuse(verdict, X509_V_ERR_CERT_SIGNATURE_FAILURE, static_cast<int>(verdict.chain.size()) - 1,
           verdict.chain.back().handle().get());
  // OpenSSL takes keyCertSign alone for a CA; RFC 5280 section 4.2.1.9 wants basicConstraints of all but anchors.
  for (std::size_t i = 1; i + 1 < verdict.chain.size(); ++i)
    if (!verdict.chain[i].is_ca())
      refuse(verdict, X509_V_ERR_INVALID_CA, static_cast<int>(i), verdict.chain[i].handle().get());
  if (verdict.accepted() && verdict.chain.empty()) refuse(verdict, X509_V_ERR_UNSPECIFIED, 0, leaf.handle().get());
  return verdict;
}

}  // namespace pratique::crypto
