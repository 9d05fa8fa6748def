// A device's status reports.
#include "libs/codec/json/utf8.h"
#include "libs/protocol/brski/telemetry.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {

void fuzz_telemetry(ByteView input) {
  const auto report = brski::parse_status_report(input);
  if (!report) return;
  require(input.size() <= brski::kMaxReportBytes, "the limit of a report");
  require(report->reason.size() <= brski::kMaxReportReason, "the limit of a reason");
  require(json::utf8_valid(report->reason), "a reason that is cut is cut at a character");
  const auto text = brski::encode_status_report(*report);
  if (text.size() <= brski::kMaxReportBytes) {
    const auto again = brski::parse_status_report(as_bytes(text));
    require(again.has_value(), "a report that was read can be written and read");
    require(brski::encode_status_report(*again) == text, "the same report is written as the same bytes");
  }
  const auto& world = test::brski_world();
  const auto& idevid = world.device.certificate;
  const auto& issued = world.other_device.certificate;
  require(brski::correlate_enroll_status(*report, issued, issued).on_new_certificate, "the new certificate is seen");
  require(!brski::correlate_enroll_status(*report, idevid, issued).on_new_certificate, "the old one is told apart");
  (void)brski::correlate_enroll_status(*report, std::nullopt, std::nullopt);
}

}  // namespace pratique::fuzz
