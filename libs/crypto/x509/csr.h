// Certification requests (PKCS #10, RFC 2986) with the attributes of RFC 2985.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/names.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxCsrSize = 32 << 10;  // bytes of DER

/// `values`: the DER of each member of the SET.
struct CsrAttribute {
  std::string oid;
  std::vector<Bytes> values;
};

/// Cheap to copy, immutable, thread-safe. A parsed request is not yet proof of anything: call verify().
class Csr {
 public:
  /// The whole of `der` must be one request, its key in the usual spelling (a point not compressed, parameters as the
  /// standards write them): a key is known again by the hash of its SPKI. INVALID_ARGUMENT CSR_INVALID, CSR_TOO_LARGE.
  static Result<Csr> parse_der(ByteView der);
  static Result<Csr> parse_pem(std::string_view pem);

  const Bytes& der() const;
  std::string pem() const;
  std::string subject() const;  // RFC 4514
  const Bytes& subject_der() const;
  std::optional<std::string> common_name() const;
  std::optional<std::string> subject_serial_number() const;
  const PublicKey& public_key() const;

  /// Proof of possession: the request is signed by its own key. UNAUTHENTICATED CSR_SIGNATURE_INVALID.
  Result<void> verify() const;

  const std::vector<CsrAttribute>& attributes() const;
  const CsrAttribute* find_attribute(std::string_view oid) const;
  /// RFC 2985 section 5.4.1; EST's channel binding (RFC 7030 section 3.5).
  std::optional<std::string> challenge_password() const;
  const std::vector<Extension>& requested_extensions() const;
  SubjectAltNames requested_alt_names() const;

 private:
  struct State;
  bool is_signed_by_own_key() const;
  explicit Csr(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// What a request says; extensions are put into one extensionRequest attribute.
struct CsrProfile {
  Name subject = {};
  Bytes subject_der = {};  // the subject as it is (re-enrolment repeats it), in place of `subject`
  SubjectAltNames alt_names = {};
  std::string challenge_password = {};
  std::vector<Extension> extra = {};
  std::vector<CsrAttribute> attributes = {};  // as a server's csrattrs asked for
};

/// INVALID_ARGUMENT PROFILE_INVALID names the field.
Result<Csr> make_csr(const CsrProfile& profile, const Signer& key);

}  // namespace pratique::crypto
