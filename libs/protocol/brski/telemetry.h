// Status reports of a device: voucher_status and enrollstatus (RFC 8995 sections 5.7 and 5.9.4). Members are lower
// case (erratum 6834); "Status" and "Reason" of the RFC's IANA text are read too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "libs/codec/json/value.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::brski {

inline constexpr std::size_t kMaxReportBytes = 16 << 10;
inline constexpr std::size_t kMaxReportReason = 1024;  // bytes; longer ones are cut at a character

struct StatusReport {
  int version = 1;
  bool status = false;  // true: success
  std::string reason = {};
  json::Value reason_context = {};  // null where absent
};

/// Tolerant of unknown members, of a version in quotes and of an absent reason; INVALID_ARGUMENT TELEMETRY_MALFORMED
/// where the status is absent or the text is no JSON object. What it says is a device's claim, to be recorded and
/// never acted upon by itself.
Result<StatusReport> parse_status_report(ByteView json);
std::string encode_status_report(const StatusReport& report);

struct EnrollCorrelation {
  Verdict verdict;                  // refused: ENROLL_CERTIFICATE_MISMATCH
  bool on_new_certificate = false;  // the connection showed the issued certificate
};
/// RFC 8995 section 5.9.4: success should come on a new connection with the new certificate, failure on the old
/// one; the server must log which. `presented` none: no client certificate.
EnrollCorrelation correlate_enroll_status(const StatusReport& report,
                                          const std::optional<crypto::Certificate>& presented,
                                          const std::optional<crypto::Certificate>& issued);

}  // namespace pratique::brski
