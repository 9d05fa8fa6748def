#include "libs/rpc/timestamp.h"

#include <fmt/format.h>

#include "libs/rpc/catalogue.h"

namespace pratique::rpc {
namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr std::int32_t kLastNano = 999'999'999;

}  // namespace

google::protobuf::Timestamp write_time(Timestamp time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  google::protobuf::Timestamp out;
  out.set_seconds(second.time_since_epoch().count());
  out.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(time - second).count()));
  return out;
}

Result<Timestamp> read_time(std::string_view field, const google::protobuf::Timestamp& time) {
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 || time.nanos() > kLastNano)
    return kTimestampInvalid.error(fmt::format("{}: is no point in time of the years 0001 to 9999", field))
        .with("field", field);
  return Timestamp(std::chrono::seconds(time.seconds())) + std::chrono::microseconds(time.nanos() / 1000);
}

}  // namespace pratique::rpc
