#include "libs/protocol/brski/telemetry.h"

#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/codec/json/utf8.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::brski {
namespace {

constexpr json::Limits kLimits = {
    .max_bytes = kMaxReportBytes, .max_depth = 8, .max_members = 64, .max_elements = 256, .max_values = 512};

std::string cut(const std::string& text) {
  if (text.size() <= kMaxReportReason) return text;
  std::size_t end = 0;
  const std::string_view view(text);
  while (true) {
    const auto length = json::utf8_length(view.substr(end));
    if (length == 0 || end + length > kMaxReportReason) break;
    end += length;
  }
  return text.substr(0, end);
}

// The member under its name or under the spelling of the RFC's registration text.
const json::Value* find_either(const json::Value& object, std::string_view name, std::string_view old_name) {
  const auto* member = object.find(name);
  return member ? member : object.find(old_name);
}

}  // namespace

Result<StatusReport> parse_status_report(ByteView text) {
  const auto malformed = [](std::string_view what) { return invalid(voucher::kTelemetryMalformed, what); };
  const auto document = json::parse(text, kLimits);
  if (!document) return malformed(document.error().message);
  if (!document->as_object()) return malformed("not an object");

  StatusReport report;
  const auto* status = find_either(*document, "status", "Status");
  if (!status || !status->as_bool()) return malformed("$.status: is missing or no boolean");
  report.status = *status->as_bool();
  if (const auto* version = find_either(*document, "version", "Version")) {
    const auto* number = version->as_int();
    const auto* quoted = version->as_string();
    if (number && *number >= 0 && *number <= 1000) report.version = static_cast<int>(*number);
    else if (!quoted || *quoted != "1") return malformed("$.version: not a version");
  }
  if (const auto* reason = find_either(*document, "reason", "Reason"); reason && reason->as_string())
    report.reason = cut(*reason->as_string());
  if (const auto* context = document->find("reason-context")) report.reason_context = *context;
  return report;
}

std::string encode_status_report(const StatusReport& report) {
  auto out = json::Value::object();
  out.set("version", report.version).set("status", report.status);
  if (!report.reason.empty()) out.set("reason", cut(report.reason));
  if (!report.reason_context.is_null()) out.set("reason-context", report.reason_context);
  return out.dump();
}

EnrollCorrelation correlate_enroll_status(const StatusReport& report,
                                          const std::optional<crypto::Certificate>& presented,
                                          const std::optional<crypto::Certificate>& issued) {
  EnrollCorrelation out;
  out.on_new_certificate = presented && issued && *presented == *issued;
  if (report.status && !out.on_new_certificate)
    out.verdict.refuse(voucher::kEnrollCertificateMismatch,
                       issued ? "the connection did not show the issued certificate" : "no certificate was issued",
                       {{"presented", presented ? presented->serial_hex() : "none"},
                        {"issued", issued ? issued->serial_hex() : "none"}});
  return out;
}

}  // namespace pratique::brski
