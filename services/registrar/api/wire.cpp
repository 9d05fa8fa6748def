#include "services/registrar/api/wire.h"

#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

}  // namespace

void write(Timestamp time, google::protobuf::Timestamp* out) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  out->set_seconds(second.time_since_epoch().count());
  out->set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(time - second).count()));
}

Result<Timestamp> read_time(std::string_view field, const google::protobuf::Timestamp& time) {
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 || time.nanos() > 999'999'999)
    return field_invalid(field, "is no point in time of the years 0001 to 9999");
  return Timestamp(std::chrono::seconds(time.seconds())) + std::chrono::microseconds(time.nanos() / 1000);
}

void write(const ExplainedFinding& explained, pratique::common::v1::Finding* out) {
  out->set_code(explained.finding.code);
  out->set_message(explained.finding.message);
  out->set_cause(explained.cause);
  out->set_remedy(explained.remedy);
  for (const auto& [name, value] : explained.finding.evidence) (*out->mutable_evidence())[name] = value;
  out->set_safe_message(explained.safe_message);
}

Finding read_finding(const pratique::common::v1::Finding& finding) {
  Finding out{finding.code(), finding.message(), {}};
  for (const auto& [name, value] : finding.evidence()) out.evidence.emplace_back(name, value);
  return out;
}

}  // namespace pratique::registrar
