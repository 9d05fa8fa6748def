#include "services/network/app/catalogue.h"

#include "libs/pg/event_feed.h"

namespace pratique::network {
namespace {

using obs::Reason;
using enum ErrorCode;

constexpr Reason kFieldInvalid{"FIELD_INVALID", invalid_argument, "a field of the request cannot be so",
                               "see evidence `field`"};
constexpr Reason kSiteUnknown{"SITE_UNKNOWN", not_found, "there is no such site"};
constexpr Reason kSiteExists{"SITE_EXISTS", already_exists, "the name is taken"};
constexpr Reason kSiteInUse{"SITE_IN_USE", failed_precondition, "switches or WLANs are at the site",
                            "move or delete them first"};
constexpr Reason kSegmentUnknown{"SEGMENT_UNKNOWN", not_found, "there is no such segment"};
constexpr Reason kSegmentExists{"SEGMENT_EXISTS", already_exists, "the name or the VLAN is taken"};
constexpr Reason kSegmentInUse{"SEGMENT_IN_USE", failed_precondition,
                               "a port is fixed to the segment, or a WLAN leads into it", "see the message"};
constexpr Reason kSegmentSpecial{"SEGMENT_SPECIAL", failed_precondition,
                                 "the onboarding and the quarantine segment always exist"};
constexpr Reason kSpecialMissing{"SEGMENT_SPECIAL_MISSING", internal,
                                 "the onboarding or the quarantine segment is gone from the database",
                                 "restore the row from a backup"};
constexpr Reason kSwitchUnknownHere{"SWITCH_UNKNOWN", not_found, "there is no such switch"};
constexpr Reason kSwitchExists{"SWITCH_EXISTS", already_exists, "the name or the NAS address is taken"};
constexpr Reason kSwitchInUse{"SWITCH_IN_USE", failed_precondition, "the switch has ports", "delete them first"};
constexpr Reason kPortUnknown{"PORT_UNKNOWN", not_found, "there is no such port"};
constexpr Reason kPortExists{"PORT_EXISTS", already_exists, "the switch has another port of this name or NAS-Port-Id"};
constexpr Reason kPortReference{"PORT_REFERENCE_UNKNOWN", failed_precondition,
                                "the port's switch or its segment is not there"};
constexpr Reason kPortInUse{"PORT_IN_USE", failed_precondition, "somebody is logged on at the port"};
constexpr Reason kWlanUnknown{"WLAN_UNKNOWN", not_found, "there is no such WLAN"};
constexpr Reason kWlanExists{"WLAN_EXISTS", already_exists, "the name, or the SSID at the site, is taken"};
constexpr Reason kWlanSegment{"WLAN_SEGMENT_UNFIT", failed_precondition,
                              "a WLAN that lets in anybody leads into the onboarding segment alone, any other into one "
                              "for production",
                              "give it another segment or another security"};
constexpr Reason kDeviceUnknown{"DEVICE_UNKNOWN", not_found, "the registrar has told of no such device",
                                "see whether the network service follows the registrar's events"};
constexpr Reason kSessionUnknown{"SESSION_UNKNOWN", not_found, "there is no such session",
                                 "old ones are forgotten after a while"};
constexpr Reason kSessionWord{"SESSION_WORD_UNKNOWN", invalid_argument, "a stored session cannot be read"};
constexpr Reason kEventUnreadable{"REGISTRAR_EVENT_UNREADABLE", invalid_argument,
                                  "an event of the registrar lacks what it ought to say"};
constexpr Reason kLeaseTaken{"LEASE_LOST", aborted, "another replica drives the switch now"};
constexpr Reason kRegistrarAnswer{"REGISTRAR_ANSWER_UNREADABLE", internal,
                                  "an answer of the registrar cannot be read",
                                  "look at the versions of registrar and network"};

}  // namespace

obs::Catalogue catalogue() {
  obs::Catalogue out("network");
  out.events({&kFeedUnreadable, &kFeedListed, &kReportUnplaced, &kSwitchFailed, &kLeaseLost, &kSessionEnded,
              &kSessionEndedOtherwise, &kStepFailed, &kUseUntold, &kAdapterFailed, &kKeepingFailed, &kLifeUnlocked,
              &kLifeEnded, &kPortEventsDropped});
  out.histograms({&kAppliedSeconds});
  out.counters({&kPortsApplied, &kPortsByHand, &kSwitchFailures, &kLoggedOffSessions, &kFeedEvents,
                &kFeedListings, &kRadiusReports});
  out.gauges({&kFeedCursor, &kMarkedPorts, &kTroubledSwitches, &kKeptSwitches, &kOpenSessions});
  out.reasons({&kFieldInvalid, &kSiteUnknown, &kSiteExists, &kSiteInUse, &kSegmentUnknown, &kSegmentExists,
               &kSegmentInUse, &kSegmentSpecial, &kSpecialMissing, &kSwitchUnknownHere, &kSwitchExists, &kSwitchInUse,
               &kPortUnknown, &kPortExists, &kPortReference, &kPortInUse, &kWlanUnknown, &kWlanExists, &kWlanSegment,
               &kDeviceUnknown, &kSessionUnknown, &kSessionWord, &kEventUnreadable, &kLeaseTaken,
               &kRegistrarAnswer});
  pg::describe_events(out);
  return out;
}

}  // namespace pratique::network
