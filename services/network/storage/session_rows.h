// How sessions stand in rows. For this room's own files.
#pragma once

#include "libs/pg/rows.h"
#include "services/network/domain/session.h"

#define PRATIQUE_SESSION_COLUMNS                                                                                   \
  "id, device, switch, switch_name, port, port_name, mac, user_name, accounting_id, certificate_serial, "          \
  "authority_key_id, given_vlan, state, accept_time, start_time, heard_time, end_time, end_code, end_message, "    \
  "input_octets, output_octets, framed_addresses, accounted"

namespace pratique::network {

Result<Session> read_session(const pg::Row& row);

}  // namespace pratique::network
