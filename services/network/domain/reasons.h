// Why a session is ended, a device is not let through a port, or a switch is not as it ought to be. One home for each
// code (docs/adr/0015), shown by `pratique devices explain` and `pratique network diff`.
#pragma once

#include <span>
#include <string_view>

namespace pratique::network {

struct Reason {
  std::string_view code;
  std::string_view meaning;
  std::string_view remedy;
};

// At the door: RADIUS asks about a certificate.
inline constexpr Reason kCertificateUnknown{
    "PORT_CERTIFICATE_UNKNOWN", "the certificate is none that this network issued",
    "onboard the device; if it was onboarded, see whether the network service follows the registrar's events"};
inline constexpr Reason kCertificateEnded{
    "PORT_CERTIFICATE_ENDED", "the certificate was revoked or replaced by a newer one",
    "let the device use its newest certificate, or onboard it anew"};
inline constexpr Reason kDeviceExcluded{
    "PORT_DEVICE_EXCLUDED", "the registrar does not allow the device on the network",
    "see the device's story: pratique devices explain"};
inline constexpr Reason kSegmentMissing{
    "PORT_SEGMENT_MISSING", "the segment that the device was given does not exist at this site",
    "create the segment, or move the device to another"};
inline constexpr Reason kSwitchUnknown{
    "PORT_SWITCH_UNKNOWN", "no switch with this address is registered", "register the switch: pratique switches add"};

// Of stations and sessions.
inline constexpr Reason kSegmentTaken{
    "PORT_SEGMENT_TAKEN", "another device on the same port is in another segment",
    "give each device a port of its own, or both devices the same segment"};
inline constexpr Reason kStationElsewhere{
    "PORT_STATION_ELSEWHERE", "the same MAC address is on another port too",
    "find out which of the two is the true one; the older session was kept"};
inline constexpr Reason kCertificateElsewhere{
    "PORT_CERTIFICATE_ELSEWHERE", "the same certificate is in use on another port too",
    "a device moved without being unplugged, or its key was copied: quarantine it if in doubt"};
inline constexpr Reason kLinkDown{"PORT_LINK_DOWN", "the cable was pulled or the device went off", "none is needed"};
inline constexpr Reason kLoggedOff{"PORT_LOGGED_OFF", "the device logged off", "none is needed"};
inline constexpr Reason kAuthenticatorLost{
    "PORT_AUTHENTICATOR_LOST", "the switch's authenticator does not answer, so nobody can be known to be there",
    "see to the switch; its devices log on again when it is back"};
inline constexpr Reason kSilent{"PORT_SILENT", "nothing was heard of the session for too long",
                                "see whether the switch sends accounting; the device logs on again by itself"};
inline constexpr Reason kEndedByOperator{"PORT_ENDED_BY_OPERATOR", "an operator logged the device off",
                                         "none is needed; the device logs on again while it is allowed to"};
inline constexpr Reason kReplaced{"PORT_LOGGED_ON_ANEW", "the station logged on again with another certificate",
                                  "none is needed"};

// Of switches.
inline constexpr Reason kSwitchUnreachable{"SWITCH_UNREACHABLE", "the switch does not answer",
                                           "see to its power, address and certificate; it is put right when it is back"};
inline constexpr Reason kSwitchSecretMissing{
    "SWITCH_SECRET_MISSING", "the switch has no RADIUS secret, without which it can be told nothing",
    "give it the one that it shares with the RADIUS servers: pratique switches secret"};
inline constexpr Reason kSwitchRefused{"SWITCH_REFUSED", "the switch refused what it was told",
                                       "see the evidence; the port was left closed"};
inline constexpr Reason kSwitchDisobeyed{
    "SWITCH_DISOBEYED", "the switch said yes and did nothing: reading back shows the old state",
    "see to the switch's software; until then it cannot be relied on"};
inline constexpr Reason kSwitchChangedByHand{"SWITCH_CHANGED_BY_HAND",
                                             "somebody changed the switch beside us: it was put right where policy says so",
                                             "make changes here, or declare the port as one that is not ours"};
inline constexpr Reason kCapabilityMissing{
    "SWITCH_CAPABILITY_MISSING", "this kind of switch cannot be made to do it", "see docs/enforcement.md for what it can"};

/// All of the above, in this order.
std::span<const Reason> reasons();
/// None where the code is not one of them.
const Reason* find_reason(std::string_view code);

}  // namespace pratique::network
