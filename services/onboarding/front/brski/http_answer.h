// From an answer of app to HTTP: one mapping for BRSKI and EST (RFC 8995 sections 5.3 and 5.6, RFC 7030 section 4.2.3).
#pragma once

#include "libs/net/http.h"
#include "services/onboarding/app/answer.h"

namespace pratique::onboarding {

/// granted: 200 (204 where there is no body and `content_type` is set); wait: 202 with Retry-After; refused: the
/// reason's status, and one line of plain text: its code and what the device may know.
net::http::Response to_http(const Answer& answer, std::string_view content_type);
/// We failed: 503 with Retry-After for what passes by itself, else 500.
net::http::Response to_http(const Error& error);
/// A request that no use case is asked about: wrong path, method or media type.
net::http::Response refuse_form(int status, std::string_view line);

}  // namespace pratique::onboarding
