// What a registrar says when it refuses: "CODE: words", or anything else. It is shown to people, so it is made
// printable.
#pragma once

#include <string_view>

#include "libs/net/http.h"
#include "tools/device/report.h"

namespace pratique::device {

/// The code where the text begins with one, else "HTTP_<status>".
Ending refused_with(const net::http::Response& response);
/// What stands in a journal's line: "403 NOT_ADMITTED: …".
std::string status_line(const net::http::Response& response);

}  // namespace pratique::device
