// Reads the leaves of a voucher's YANG module from their JSON form (RFC 7951): binary is base64, date-and-time is
// RFC 3339. Under a lenient profile a departure is let pass and written down. Internal to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/codec/json/reader.h"
#include "libs/protocol/voucher/assertion.h"
#include "libs/protocol/voucher/nonce.h"
#include "libs/protocol/voucher/wire_profile.h"

namespace pratique::voucher {

class Leaves {
 public:
  /// `reason` is that of the errors; `leniencies` grows.
  Leaves(json::Reader object, WireProfile profile, std::string_view reason, std::vector<std::string>& leniencies)
      : object_(std::move(object)), profile_(profile), reason_(reason), leniencies_(leniencies) {}

  bool lenient() const { return profile_ == WireProfile::lenient; }
  /// The member is not as it should be: an error when strict, written down when lenient.
  Result<void> depart(std::string_view name, std::string_view what);

  Result<std::optional<std::string>> text(std::string_view name);
  Result<std::optional<Bytes>> binary(std::string_view name);
  Result<std::optional<Timestamp>> time(std::string_view name);
  Result<std::optional<Assertion>> assertion();
  Result<std::optional<Nonce>> nonce();
  /// "serial-number"; "" when absent.
  Result<std::string> serial_number();
  /// true, or "true": RFC 8366's own example has quotes.
  Result<std::optional<bool>> flag(std::string_view name);

 private:
  Error wrong(std::string_view name, std::string_view what) const;

  json::Reader object_;
  WireProfile profile_;
  std::string_view reason_;
  std::vector<std::string>& leniencies_;
};

}  // namespace pratique::voucher
