// Who may call what: the roles that the API's comments promise, in one table.
#pragma once

#include "libs/rpc/access.h"

namespace pratique::network {

/// Every RPC of this service.
rpc::Access access();

}  // namespace pratique::network
