// Everything that this program counts, logs and answers as an error, in one place.
#pragma once

#include "libs/obs/catalogue.h"

namespace pratique::join_proxy {

inline constexpr obs::Event kDoorOpened{"door_opened", obs::Level::info, "devices are let through to a registrar"};
inline constexpr obs::Event kRegistrarsChanged{"registrars_changed", obs::Level::info,
                                               "discovery found other registrars; new connections go to them"};
inline constexpr obs::Event kRegistrarsLost{
    "registrars_lost", obs::Level::warning, "discovery finds no registrar any more; the last known ones are still tried",
    "see whether a registrar runs and announces _brski-registrar._tcp on the proxy's link"};
inline constexpr obs::Event kDiscoveryFailed{"discovery_failed", obs::Level::warning, "DNS-SD cannot be spoken here",
                                             "look at the interface's name and address in the configuration"};

inline constexpr obs::CounterSpec kConnections{
    "pratique_join_proxy_connections_total",
    "connections of devices: accepted, or closed at once by a limit or since no registrar could be reached", {"outcome"}};
inline constexpr obs::CounterSpec kEnded{"pratique_join_proxy_connections_cut_total",
                                         "connections that a limit ended: idle, lifetime, bytes", {"limit"}};
inline constexpr obs::CounterSpec kConnectsFailed{"pratique_join_proxy_upstream_connects_failed_total",
                                                  "single tries to reach a registrar that failed"};
inline constexpr obs::CounterSpec kBytes{"pratique_join_proxy_bytes_total", "bytes passed on, by whom they were for",
                                         {"to"}};
inline constexpr obs::GaugeSpec kOpen{"pratique_join_proxy_connections_open", "connections open now"};
inline constexpr obs::GaugeSpec kRegistrars{"pratique_join_proxy_registrars", "registrars that new connections may go to"};

inline constexpr obs::Reason kRegistrarUnknown{"REGISTRAR_UNKNOWN", ErrorCode::unavailable,
                                               "no registrar has been discovered yet",
                                               "see whether one announces _brski-registrar._tcp on the proxy's link"};

obs::Catalogue catalogue();

}  // namespace pratique::join_proxy
