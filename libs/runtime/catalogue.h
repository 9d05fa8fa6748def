// What this room tells operators.
#pragma once

#include "libs/obs/catalogue.h"

namespace pratique::runtime {

inline constexpr obs::GaugeSpec kBuildInfo{"pratique_build_info", "always 1; its labels say which build runs",
                                           {"service", "version"}};

inline constexpr obs::GaugeSpec kCertificateNotAfter{
    "pratique_certificate_not_after_timestamp_seconds",
    "when a certificate of this service's own ends, as Unix time; the newest good one in its file", {"certificate"}};

inline constexpr obs::Event kServiceStarting{"service_starting", obs::Level::info,
                                             "the first line of a run: which build this is"};
inline constexpr obs::Event kServiceReady{"service_ready", obs::Level::info, "the service started and takes work"};
inline constexpr obs::Event kServiceStopping{"service_stopping", obs::Level::info,
                                             "the service was told to stop and finishes what is in flight"};
inline constexpr obs::Event kServiceStopped{"service_stopped", obs::Level::info, "everything is stopped"};
inline constexpr obs::Event kServiceStartFailed{"service_start_failed", obs::Level::error,
                                                "the service could not start",
                                                "mend what the message names, then start it again"};
inline constexpr obs::Event kServiceGaveUp{"service_gave_up", obs::Level::error,
                                           "a part failed so that the service cannot go on; it stops with exit code 1",
                                           "look at the reason; the supervisor starts it again"};
inline constexpr obs::Event kCertificatesTaken{"certificates_taken", obs::Level::info,
                                               "changed certificate files were checked and are in use"};
inline constexpr obs::Event kCertificatesRefused{
    "certificates_refused", obs::Level::error, "changed certificate files are not usable; the old ones stay in use",
    "mend the file that the message names before the old certificate expires"};

}  // namespace pratique::runtime
