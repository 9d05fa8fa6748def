// Internal to libs/crypto and libs/net: the X509 of a Certificate.
//
//   SSL_CTX_use_certificate(ctx, certificate.handle().get());              // takes its own reference
//   TRY(auto peer, Certificate::from_handle({X509Ptr(SSL_get1_peer_certificate(ssl))}));
#pragma once

#include <span>

#include "libs/crypto/primitives/openssl.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto {

struct CertificateHandle {
  X509Ptr x509;
  X509* get() const { return x509.get(); }
};

/// A stack that holds references of its own.
X509StackPtr x509_stack(std::span<const Certificate> certificates);
Result<std::vector<Certificate>> certificates_of(const STACK_OF(X509) * stack);

}  // namespace pratique::crypto
