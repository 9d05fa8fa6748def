// CPU time of the calling thread: what other processes do to the machine meanwhile shows less in it than in wall-clock
// time.
#pragma once

#include <functional>

namespace pratique::bench {

/// Seconds of one call: the least of `rounds` averages over about `seconds` each, so that a disturbed round does not
/// count.
double time_each(double seconds, int rounds, const std::function<void()>& call);

}  // namespace pratique::bench
