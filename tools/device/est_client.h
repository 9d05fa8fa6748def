// EST (RFC 7030) over a connection that is already trusted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "libs/base/clock.h"
#include "libs/protocol/est/csrattrs.h"
#include "libs/protocol/est/enroll_client.h"
#include "libs/protocol/est/paths.h"
#include "tools/device/patience.h"
#include "tools/device/registrar_link.h"
#include "tools/device/report.h"

namespace pratique::device {

/// Broken connections and 5xx in a row, before an exchange is given up.
inline constexpr int kMaxExchangeFailures = 8;

class EstClient {
 public:
  EstClient(RegistrarLink& link, Patience& patience, Journal& journal, const Clock* clock)
      : link_(link), patience_(patience), journal_(journal), clock_(clock) {}

  /// Empty where the server has none to give (404).
  Attempt<std::vector<crypto::Certificate>> cacerts();
  /// What the server asks of a request; nothing where it says 204 or 404.
  Attempt<est::CsrAttrs> csrattrs();
  /// Sends the request, again and again while the server considers it, and reads the certificate. The request is made
  /// anew, with the same key, where the connection is: its challenge password binds it to the connection.
  Attempt<est::Enrolled> enroll(est::Operation operation, const est::RequestWish& wish, const est::CsrAttrs& attrs,
                                const crypto::SoftwareKey& key);
  /// It must lead to `anchors` (a pinned sub-CA suffices) by what came with it and by `known`.
  Attempt<void> verify(const est::Enrolled& enrolled, std::span<const crypto::Certificate> known,
                       std::span<const crypto::Certificate> anchors);

 private:
  /// One enrolment under way.
  struct Enrolling {
    est::Operation operation;
    const est::RequestWish& wish;
    const est::CsrAttrs& attrs;
    const crypto::SoftwareKey& key;
    std::optional<crypto::Csr> csr = {};
    int made_for = 0;  // connection
    int failures = 0;  // in a row
    std::chrono::seconds waited{0};
  };
  using EnrolledOrWait = std::variant<est::Enrolled, std::chrono::seconds>;
  Attempt<EnrolledOrWait> try_enroll(Enrolling& request);
  Attempt<net::http::Response> fetch(est::Operation operation, std::string_view accept);
  Timestamp now() const { return clock_ ? clock_->now() : Timestamp{}; }

  RegistrarLink& link_;
  Patience& patience_;
  Journal& journal_;
  const Clock* clock_;
};

/// A key of the kind that the server asks for.
Attempt<crypto::SoftwareKey> make_key(const est::CsrAttrs& attrs);
/// Those that may stand as anchors: CA certificates.
std::vector<crypto::Certificate> authorities_of(std::span<const crypto::Certificate> certificates);

}  // namespace pratique::device
