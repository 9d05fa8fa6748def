// Trace identities on the wire: the traceparent header of W3C Trace Context (section 3.2).
#pragma once

#include <string>
#include <string_view>

namespace pratique::rpc {

inline constexpr std::string_view kTraceparent = "traceparent";

/// The trace id of a well-formed header, or a fresh one.
std::string trace_of(std::string_view traceparent);
/// A header for a call made within this trace; of a fresh trace where `trace_id` is empty.
std::string traceparent_for(std::string_view trace_id);

}  // namespace pratique::rpc
