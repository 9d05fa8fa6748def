// Everything that this service counts, logs and answers as an error, in one place. Why somebody is not let through a
// port, or a switch is not as it ought to be, has a catalogue of its own: domain/reasons.h.
#pragma once

#include <array>

#include "libs/obs/catalogue.h"

namespace pratique::network {

inline constexpr obs::Event kFeedUnreadable{
    "registrar_event_unreadable", obs::Level::warning,
    "an event of the registrar could not be read and was passed over",
    "look at the versions of registrar and network; a listing is taken anew by clearing registrar_feed.started"};
inline constexpr obs::Event kFeedListed{"registrar_listed", obs::Level::info,
                                        "all devices and certificates were asked of the registrar anew"};
inline constexpr obs::Event kReportUnplaced{
    "radius_report_unplaced", obs::Level::info,
    "a RADIUS server reported of a port or a certificate that is not known here",
    "register the switch and its ports, with the NAS-Port-Id that it sends"};
inline constexpr obs::Event kSwitchFailed{"switch_failed", obs::Level::warning, "a switch could not be driven",
                                          "see the reason; it is tried again by itself, after a growing pause"};
inline constexpr obs::Event kLeaseLost{"switch_lease_lost", obs::Level::warning,
                                       "another replica took over a switch while this one still drove it",
                                       "if it recurs, the switch is too slow for the lease, or clocks differ"};
inline constexpr obs::Event kSessionEnded{"session_ended_at_switch", obs::Level::info,
                                          "a session was ended at its switch; `by` says which way"};
inline constexpr obs::Event kSessionEndedOtherwise{
    "session_ended_otherwise", obs::Level::warning,
    "a session was ended, but not by the way that comes first; `by` says which did",
    "see the reason: an authenticator that is away is told of by its ports, one that answers nothing may know another "
    "secret or no dynamic authorization (docs/enforcement.md)"};
inline constexpr obs::Event kStepFailed{"reconciler_step_failed", obs::Level::warning,
                                        "a round of work could not be done", "look at the database; it is tried again"};
inline constexpr obs::Event kUseUntold{
    "credential_use_untold", obs::Level::warning, "the registrar could not be told of a certificate's first use",
    "look at the registrar; it is told when it is back, and until then the certificate before counts, too"};
inline constexpr obs::Event kAdapterFailed{"switch_adapter_failed", obs::Level::warning,
                                           "nothing that drives a switch could be made of its settings",
                                           "see the reason; it is tried again by itself"};
inline constexpr obs::Event kKeepingFailed{
    "switches_not_kept", obs::Level::warning, "it could not be said which switches this replica keeps",
    "look at the database; if it lasts, another replica takes them over"};
inline constexpr obs::Event kLifeUnlocked{
    "replica_lock_lost", obs::Level::warning,
    "this replica holds no lock by which others would see at once that it was killed",
    "look at the database; until it has one again, others would take its switches over after work.takeover only"};
inline constexpr obs::Event kLifeEnded{
    "replica_gone", obs::Level::warning, "another replica is gone, as its lock says; its switches are free",
    "look at why it ended, or, where it runs, at its connection to the database"};
inline constexpr obs::Event kPortEventsDropped{
    "port_events_dropped", obs::Level::warning, "switches told more than could be noted; their ports are read anew",
    "look at the database; if it recurs, give the service more of it"};

/// From a decision at the registrar to the switch's confirming it.
inline constexpr std::array<double, 12> kAppliedBuckets = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                           0.5,   1.0,  2.5,   10.0, 60.0, 600.0};
inline constexpr obs::HistogramSpec kAppliedSeconds{
    "pratique_network_decision_applied_seconds",
    "from a registrar's decision to its being done at the port, by kind of switch",
    {"kind"},
    kAppliedBuckets};
inline constexpr obs::CounterSpec kPortsApplied{"pratique_network_ports_applied_total",
                                                "ports that were changed, by kind of switch and outcome",
                                                {"kind", "outcome"}};
inline constexpr obs::CounterSpec kPortsByHand{"pratique_network_ports_changed_by_hand_total",
                                               "ports that somebody changed beside us, by kind of switch", {"kind"}};
inline constexpr obs::CounterSpec kSwitchFailures{"pratique_network_switch_failures_total",
                                                  "rounds that a switch failed, by kind", {"kind"}};
inline constexpr obs::CounterSpec kFeedEvents{"pratique_network_registrar_events_total",
                                              "events of the registrar, by outcome", {"outcome"}};
inline constexpr obs::CounterSpec kFeedListings{"pratique_network_registrar_listings_total",
                                                "full listings taken of the registrar"};
inline constexpr obs::GaugeSpec kFeedCursor{"pratique_network_registrar_cursor", "the newest event that was handled"};
inline constexpr obs::CounterSpec kRadiusReports{"pratique_network_radius_reports_total",
                                                 "reports of RADIUS servers, by outcome", {"outcome"}};
inline constexpr obs::CounterSpec kLoggedOffSessions{
    "pratique_network_sessions_ended_total", "sessions that were ended at their switch, by its kind and by what did it",
    {"kind", "by"}};
inline constexpr obs::GaugeSpec kMarkedPorts{"pratique_network_marked_ports", "ports that somebody has to see to"};
inline constexpr obs::GaugeSpec kTroubledSwitches{"pratique_network_troubled_switches", "switches with a problem"};
inline constexpr obs::GaugeSpec kKeptSwitches{"pratique_network_kept_switches", "switches that this replica keeps"};
inline constexpr obs::GaugeSpec kOpenSessions{"pratique_network_open_sessions", "sessions that have not ended"};

obs::Catalogue catalogue();

}  // namespace pratique::network
