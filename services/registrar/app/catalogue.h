// Everything that this service counts, logs and answers as an error, in one place. What is found about devices has a
// catalogue of its own: domain/reasons.h.
#pragma once

#include "libs/obs/catalogue.h"

namespace pratique::registrar {

inline constexpr obs::Event kTidied{"registrar_tidied", obs::Level::info,
                                    "what was older than `retention` says was forgotten: how much of what"};
inline constexpr obs::Event kTidyFailed{"registrar_tidy_failed", obs::Level::warning,
                                        "what is old could not be forgotten, or the census not be taken",
                                        "look at the database; it is tried again"};
inline constexpr obs::Event kAuthorityEnds{
    "authority_ends", obs::Level::warning,
    "a certificate of the CA that signs credentials ends within 30 days, or has ended; told once a day",
    "renew the issuing CA: from its end on nobody onboards or renews, and all its credentials end with it"};
inline constexpr obs::Event kAuditBroken{
    "audit_broken", obs::Level::error, "the audit log was altered, cut or exchanged behind the service's back",
    "keep the database as it is, compare with a backup from entry `sequence` on, and find out who had access"};

inline constexpr obs::GaugeSpec kDevices{"pratique_registrar_devices", "devices, by state", {"state"}};
inline constexpr obs::GaugeSpec kPendingApprovals{"pratique_registrar_pending_approvals",
                                                  "devices that wait for people"};
inline constexpr obs::GaugeSpec kAuditEntries{"pratique_registrar_audit_entries", "entries of the audit log"};
inline constexpr obs::GaugeSpec kEvents{"pratique_registrar_events", "events told, ever: the newest cursor"};
inline constexpr obs::GaugeSpec kCredentialsExpiring{
    "pratique_registrar_credentials_expiring",
    "devices whose newest credential ends within this time; a device that works renews long before", {"within"}};
inline constexpr obs::GaugeSpec kCredentialsExpired{
    "pratique_registrar_credentials_expired", "devices whose newest credential has ended and was not replaced"};
inline constexpr obs::GaugeSpec kAuthorityNotAfter{
    "pratique_registrar_authority_not_after_timestamp_seconds",
    "when the issuing CA's certificate ends, and the first of its whole chain, as Unix time", {"certificate"}};
inline constexpr obs::CounterSpec kForgotten{
    "pratique_registrar_forgotten_total",
    "rows that `retention` let go, by what they were; of retired devices: devices", {"what"}};
inline constexpr obs::GaugeSpec kConnections{
    "pratique_registrar_database_connections", "connections of the pool, by use", {"use"}};
inline constexpr obs::GaugeSpec kWaiting{"pratique_registrar_database_waiting", "calls that wait for a connection"};

// What is told of revocations.
inline constexpr obs::Event kCrlPublished{"crl_published", obs::Level::info,
                                          "a new list of revocations: its number, entries and end"};
inline constexpr obs::Event kRevocationListens{"revocation_listening", obs::Level::info,
                                               "lists and answers about revocations are to be had over HTTP"};
inline constexpr obs::Event kRevocationFailed{
    "revocation_failed", obs::Level::error,
    "`task` failed: the list was not made, events were not read, or no OCSP responder was appointed; tried each second",
    "look at the reason: the database, or the CA's key or certificate; relying parties refuse a list after its end"};
inline constexpr obs::Event kOcspFailed{"ocsp_failed", obs::Level::warning,
                                        "OCSP questions were not answered; told once in ten seconds",
                                        "look at the reason: most often the database is away, or too many ask"};
inline constexpr obs::GaugeSpec kCrlNumber{"pratique_registrar_crl_number", "number of the newest list of revocations"};
inline constexpr obs::GaugeSpec kCrlEntries{"pratique_registrar_crl_entries",
                                            "revocations on the last list that this replica made"};
inline constexpr obs::GaugeSpec kCrlNextUpdate{"pratique_registrar_crl_next_update_timestamp_seconds",
                                               "when the newest list of revocations ends, as Unix time"};
inline constexpr obs::CounterSpec kOcspResponses{
    "pratique_registrar_ocsp_responses_total",
    "answers about certificates by status: good, revoked, unknown, or why a request got none", {"status"}};
inline constexpr obs::CounterSpec kRevocationRequests{"pratique_registrar_revocation_requests_total",
                                                      "HTTP requests for lists and answers, by resource and status",
                                                      {"resource", "status"}};

obs::Catalogue catalogue();

}  // namespace pratique::registrar
