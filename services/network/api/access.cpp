#include "services/network/api/access.h"

namespace pratique::network {
namespace {

using rpc::Role;

std::string method(std::string_view name) { return "/pratique.network.v1." + std::string(name); }

}  // namespace

rpc::Access access() {
  const std::vector<rpc::Allowed> everybody{rpc::operators(Role::viewer)};
  const std::vector<rpc::Allowed> everybody_and_services{rpc::operators(Role::viewer), rpc::any_service()};
  const std::vector<rpc::Allowed> operators{rpc::operators(Role::operator_)};
  const std::vector<rpc::Allowed> admins{rpc::operators(Role::admin)};
  return {
      {method("Segments/CreateSegment"), admins},
      {method("Segments/GetSegment"), everybody},
      {method("Segments/ListSegments"), everybody},
      {method("Segments/UpdateSegment"), admins},
      {method("Segments/DeleteSegment"), admins},

      {method("Wlans/CreateWlan"), admins},
      {method("Wlans/GetWlan"), everybody},
      {method("Wlans/ListWlans"), everybody},
      {method("Wlans/UpdateWlan"), admins},
      {method("Wlans/DeleteWlan"), admins},

      {method("Switches/CreateSite"), admins},
      {method("Switches/GetSite"), everybody},
      {method("Switches/ListSites"), everybody},
      {method("Switches/UpdateSite"), admins},
      {method("Switches/DeleteSite"), admins},

      {method("Switches/CreateSwitch"), admins},
      {method("Switches/GetSwitch"), everybody},
      {method("Switches/ListSwitches"), everybody},
      {method("Switches/UpdateSwitch"), admins},
      {method("Switches/SetRadiusSecret"), admins},
      {method("Switches/DeleteSwitch"), admins},

      {method("Switches/CreatePort"), admins},
      {method("Switches/GetPort"), everybody},
      {method("Switches/ListPorts"), everybody},
      {method("Switches/UpdatePort"), admins},
      {method("Switches/DeletePort"), admins},

      {method("Switches/ObserveSwitch"), operators},
      {method("Switches/DiffSwitch"), everybody},

      {method("Admissions/GetDeviceAdmission"), everybody},

      {method("Sessions/GetSession"), everybody},
      {method("Sessions/ListSessions"), everybody},
      {method("Sessions/EndSession"), operators},
      {method("Sessions/ListAttempts"), everybody},

      {method("Events/WatchEvents"), everybody_and_services},
  };
}

}  // namespace pratique::network
