// Why was this device let in, or refused? All that happened to it, newest first, in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/base/verdict.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/device.h"

namespace pratique::registrar {

inline constexpr int kDefaultExplanations = 20;
inline constexpr int kMaxExplanations = 200;

struct Explanation {
  Timestamp time = {};
  std::string kind = {};     // "decision", "refusal", "voucher", "telemetry", "credential", "state"
  std::string summary = {};  // a sentence
  std::vector<Finding> findings = {};
  std::string actor = {};    // "service/onboarding", "operator/<name>", "device"
  std::string rule = {};
  std::int64_t audit_sequence = 0;
};

struct DeviceStory {
  std::optional<Device> device;  // none: the serial number belongs to no registered device
  std::vector<Explanation> explanations;
};

class Explain {
 public:
  explicit Explain(Surroundings surroundings) : pool_(surroundings.pool), clock_(surroundings.clock) {}

  /// NOT_FOUND DEVICE_UNKNOWN.
  Result<DeviceStory> device(const Call& call, const DeviceId& id, int limit);
  /// A device that was never registered has a story too: what was decided about whoever claimed that serial number.
  Result<DeviceStory> serial_number(const Call& call, std::string_view serial_number, int limit);

 private:
  Result<DeviceStory> tell(pg::Tx& tx, std::optional<Device> device, std::string_view serial_number, int limit) const;

  pg::Pool& pool_;
  const Clock& clock_;
};

}  // namespace pratique::registrar
