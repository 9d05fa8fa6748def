// Everything that this service counts, logs and answers as an error, in one place.
#pragma once

#include "libs/obs/catalogue.h"

namespace pratique::onboarding {

inline constexpr obs::Event kDeviceAnswered{"device_answered", obs::Level::info,
                                            "a device's request was answered; `code` says why where it was refused"};
inline constexpr obs::Event kDeviceRequestFailed{
    "device_request_failed", obs::Level::warning, "a device was told to come again, since we could not answer",
    "look at the reason: most often the registrar or the database is away; devices repeat by themselves"};
inline constexpr obs::Event kDeviceHandshakeFailed{"device_handshake_failed", obs::Level::info,
                                                   "a TLS handshake with a device failed"};
inline constexpr obs::Event kReplicaUnannounced{
    "replica_unannounced", obs::Level::warning, "this replica could not tell the others that it is here",
    "look at the database; until it succeeds, devices that met this replica are served by it alone"};
inline constexpr obs::Event kIdentityReplaced{"identity_replaced", obs::Level::info, "a new registrar certificate is in use"};
inline constexpr obs::Event kIdentityUnusable{"identity_unusable", obs::Level::error,
                                              "a new registrar certificate cannot be used; the old one stays",
                                              "check that the chain is complete and the leaf has cmcRA"};
inline constexpr obs::Event kSessionsTidied{"sessions_tidied", obs::Level::debug, "old sessions were ended or forgotten"};

inline constexpr obs::CounterSpec kDeviceRequests{
    "pratique_onboarding_device_requests_total", "requests of devices, by operation and HTTP status", {"operation", "status"}};
inline constexpr obs::HistogramSpec kDeviceRequestSeconds{
    "pratique_onboarding_device_request_seconds", "time to answer a device, by operation", {"operation"}};
inline constexpr obs::CounterSpec kHandshakesFailed{"pratique_onboarding_handshakes_failed_total",
                                                    "TLS handshakes with devices that failed"};

inline constexpr obs::Reason kSessionNotFound{"SESSION_NOT_FOUND", ErrorCode::not_found, "there is no such session",
                                              "list the sessions; those that ended are forgotten after a while"};

obs::Catalogue catalogue();

}  // namespace pratique::onboarding
