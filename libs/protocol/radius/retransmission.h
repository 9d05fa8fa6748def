// When to send again (RFC 5080 section 2.2.1): each wait is twice the one before, up to a maximum, all a tenth shorter
// or longer by chance, so that many clients do not send in step. Pure: the caller has the clock and the timer.
#pragma once

#include <chrono>
#include <optional>

#include "libs/base/random.h"

namespace pratique::radius {

using Milliseconds = std::chrono::milliseconds;

struct RetransmissionPolicy {
  Milliseconds initial{2000};    // IRT
  Milliseconds maximum{16000};   // MRT
  unsigned transmissions = 5;    // MRC, the first one included; 0: no such limit
  Milliseconds duration{30000};  // MRD, since the first; keep it below the NAS's window of Event-Timestamp (300 s)
};

/// From -0.1 to 0.1.
double draw_jitter(Random& random);
/// How long to wait for an answer to the first transmission, and to the one after a wait of `previous`.
Milliseconds first_wait(const RetransmissionPolicy& policy, double jitter);
Milliseconds next_wait(const RetransmissionPolicy& policy, Milliseconds previous, double jitter);

}  // namespace pratique::radius
