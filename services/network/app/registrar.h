// The registrar, as far as this service asks it; its events come by RegistrarFeed. Implemented over gRPC in peers/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/grant.h"

namespace pratique::network {

/// An event of the registrar's (docs/events.md).
struct RegistrarEvent {
  std::int64_t cursor = 0;
  Timestamp at = {};
  std::string type = {};
  std::string subject = {};
  std::map<std::string, std::string> facts = {};
};

/// All devices and credentials. The cursor was read before them, so that events after it miss nothing.
struct RegistrarListing {
  std::int64_t cursor = 0;
  std::vector<Grant> grants = {};  // their cursor does not count
  std::vector<Credential> credentials = {};
};

class Registrar {
 public:
  virtual ~Registrar() = default;
  virtual Result<RegistrarListing> list() = 0;
};

/// What an event says of its device, if it says anything of its standing.
Result<Grant> read_grant(const RegistrarEvent& event);
/// What an event `credential.*` says. INVALID_ARGUMENT REGISTRAR_EVENT_UNREADABLE, as read_grant.
Result<Credential> read_credential(const RegistrarEvent& event);
/// As RADIUS servers write serial numbers: lower case, whole octets, no leading zero octets.
std::string plain_serial(std::string_view hex);

}  // namespace pratique::network
