#include "libs/crypto/x509/interned_certificates.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/certificate_handle.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

// Certificates of one key: only their serial numbers differ.
class Press {
 public:
  Certificate certificate(Bytes extra = {}) {
    auto profile = CertificateProfile::root_ca({.common_name = "Press"}, from_, from_ + std::chrono::hours(1));
    if (!extra.empty()) profile.extra.push_back({"1.3.6.1.4.1.99999.1", false, std::move(extra)});
    return *issue_self_signed(profile, key_, random_);
  }

 private:
  const Timestamp from_ = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1);
  SystemRandom random_;
  SoftwareKey key_ = *SoftwareKey::generate(KeyType::ec_p256);
};

bool is_interned(const Certificate& certificate) { return find_interned(certificate.der()).has_value(); }

}  // namespace

TEST_CASE("the same bytes are read once", "[x509][interned]") {
  Press press;
  const auto first = press.certificate();
  const auto again = *Certificate::parse_der(first.der());
  CHECK(again == first);
  CHECK(again.handle().get() == first.handle().get());

  SECTION("and an X509 of somebody else's gives the same") {
    const unsigned char* at = first.der().data();
    X509Ptr other(d2i_X509(nullptr, &at, static_cast<long>(first.der().size())));
    CHECK(Certificate::from_handle({std::move(other)})->handle().get() == first.handle().get());
  }
  SECTION("bytes that differ anywhere are other bytes") {
    for (std::size_t at = 0; at < first.der().size(); ++at) {
      Bytes bent = first.der();
      bent[at] ^= 1;
      const auto read = Certificate::parse_der(bent);
      if (read) CHECK(read->der() == bent);
    }
    Bytes longer = first.der();
    longer.push_back(0);
    CHECK_FALSE(Certificate::parse_der(longer).has_value());
    longer.resize(longer.size() - 2);
    CHECK_FALSE(Certificate::parse_der(longer).has_value());
  }
}

TEST_CASE("what cannot be read is not kept", "[x509][interned]") {
  Bytes bent = Press().certificate().der();
  bent.pop_back();
  CHECK_FALSE(Certificate::parse_der(bent).has_value());
  CHECK_FALSE(find_interned(bent).has_value());
}

TEST_CASE("the table is bounded: who is not asked for leaves, who is large never enters", "[x509][interned]") {
  Press press;
  const auto used = press.certificate(), unused = press.certificate();
  for (std::size_t i = 0; i < kMaxInterned - 1; ++i) {
    press.certificate();
    REQUIRE(is_interned(used));
  }
  CHECK_FALSE(is_interned(unused));
  CHECK(*Certificate::parse_der(unused.der()) == unused);
  CHECK(is_interned(unused));

  // Of larger ones fewer, by the bytes of all.
  const auto first = press.certificate(Bytes(kMaxInternedSize / 2, 4));
  for (std::size_t bytes = 2 * first.der().size(); bytes <= kMaxInternedBytes; bytes += first.der().size())
    press.certificate(Bytes(kMaxInternedSize / 2, 4));
  CHECK(is_interned(first));  // and is now the newest
  for (std::size_t i = 0; i <= kMaxInternedBytes / first.der().size(); ++i)
    press.certificate(Bytes(kMaxInternedSize / 2, 4));
  CHECK_FALSE(is_interned(first));
  CHECK_FALSE(is_interned(used));

  const auto large = press.certificate(Bytes(kMaxInternedSize, 4));
  CHECK_FALSE(is_interned(large));
  CHECK(*Certificate::parse_der(large.der()) == large);
}

TEST_CASE("many threads read the same and other certificates at once", "[x509][interned]") {
  Press press;
  std::vector<Bytes> ders;
  for (int i = 0; i < 64; ++i) ders.push_back(press.certificate().der());
  for (std::size_t i = 0; i < kMaxInterned; ++i) press.certificate();  // none of them is kept
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 4 * ders.size(); ++i) {
        const auto& der = ders[(i + 16 * t) % ders.size()];
        const auto read = Certificate::parse_der(der);
        if (!read || read->der() != der || read->public_key().spki().empty()) ++wrong[t];
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4));
}
