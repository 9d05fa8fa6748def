// Which HTTP status a finding becomes, one table for registrar and MASA (RFC 8995 sections 5.3 and 5.6).
//
// Registrar: 401 the request does not speak of this registrar or this device; 403 an administrator can fix it; 404
// the request does not verify; 406 a form that is not understood; 400 a broken report; 502 the MASA answered badly.
// MASA: 403 does not verify, stale or blocked; 404 unknown device; 406 a form that is not understood.
// Beside the table: 415 another Content-Type (paths.h); 202 while a human or the MASA decides; 503, 504 of the MASA.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/verdict.h"

namespace pratique::brski {

/// A code that is not in the table: 403.
int registrar_status(std::string_view reason);
int masa_status(std::string_view reason);
/// The code has a row of its own.
bool has_status(std::string_view reason);

/// The one line of plain text that goes with it: the code and the reason's meaning, nothing of what was seen.
std::string refusal_text(const Verdict& verdict);

}  // namespace pratique::brski
