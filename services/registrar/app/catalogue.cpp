#include "services/registrar/app/catalogue.h"

#include "libs/pg/event_feed.h"

namespace pratique::registrar {
namespace {

using enum ErrorCode;
using obs::Reason;

constexpr Reason kFieldInvalid{"FIELD_INVALID", invalid_argument,
                               "a field of the request cannot be so; evidence `field` names it"};
constexpr Reason kIdInvalid{"ID_INVALID", invalid_argument, "a resource name is not of the form <collection>/<uuid>"};

constexpr Reason kDeviceUnknown{"DEVICE_UNKNOWN", not_found, "there is no such device", "list the devices"};
constexpr Reason kDeviceExists{"DEVICE_EXISTS", already_exists, "the manufacturer's serial number is known already"};
constexpr Reason kDeviceStateConflict{"DEVICE_STATE_CONFLICT", failed_precondition,
                                      "the device's state does not allow that", "look at the device's state"};
constexpr Reason kDeviceNotAdmissible{"DEVICE_NOT_ADMISSIBLE", failed_precondition,
                                      "the device's permission ended while it onboarded", "let it onboard again"};
constexpr Reason kSerialAmbiguous{"SERIAL_AMBIGUOUS", failed_precondition,
                                  "several manufacturers have a device of this serial number", "ask by resource name"};

constexpr Reason kManufacturerUnknown{"MANUFACTURER_UNKNOWN", not_found, "there is no such manufacturer"};
constexpr Reason kManufacturerExists{"MANUFACTURER_EXISTS", already_exists, "the display name is taken"};
constexpr Reason kTrustAnchorUnknown{"TRUST_ANCHOR_UNKNOWN", not_found, "there is no such trust anchor"};
constexpr Reason kTrustAnchorRemoved{"TRUST_ANCHOR_REMOVED", failed_precondition, "the trust anchor was removed before"};
constexpr Reason kTrustAnchorsFull{"TRUST_ANCHORS_FULL", resource_exhausted,
                                   "the manufacturer has as many trust anchors as may be",
                                   "remove those that are no longer needed"};
constexpr Reason kPolicyPriorityTaken{"POLICY_PRIORITY_TAKEN", already_exists, "another rule has this priority",
                                      "choose a number between two rules"};
constexpr Reason kPoliciesFull{"POLICIES_FULL", resource_exhausted, "there are as many rules as may be",
                               "join rules by patterns, or delete some"};
constexpr Reason kDeviceRace{"DEVICE_RACE", aborted, "the device was registered at the same time by another replica",
                             "ask again"};
constexpr Reason kFindingsMalformed{"FINDINGS_MALFORMED", data_loss, "stored findings of a decision cannot be read"};
constexpr Reason kPolicyUnknown{"POLICY_UNKNOWN", not_found, "there is no such rule"};
constexpr Reason kApprovalUnknown{"APPROVAL_UNKNOWN", not_found, "there is no such approval"};
constexpr Reason kApprovalDecided{"APPROVAL_DECIDED", failed_precondition, "the approval is decided or has expired"};
constexpr Reason kApprovalVoted{"APPROVAL_VOTED", already_exists, "this operator approved before",
                                "another operator has to approve"};

constexpr Reason kCredentialUnknown{"CREDENTIAL_UNKNOWN", not_found, "there is no such credential"};
constexpr Reason kCredentialConflict{"CREDENTIAL_STATE_CONFLICT", failed_precondition,
                                     "the credential has ended already"};
constexpr Reason kCredentialPending{"CREDENTIAL_PENDING", unavailable,
                                    "the certification authority has not answered yet",
                                    "the request is repeated after evidence `retry_after` seconds"};
constexpr Reason kProfileUnknown{"CREDENTIAL_PROFILE_UNKNOWN", failed_precondition,
                                 "the device's credential profile is not configured",
                                 "add it to credential_profiles, or change the device or the rule"};
constexpr Reason kNameUnusable{"CREDENTIAL_NAME_UNUSABLE", failed_precondition,
                               "the device's values do not fit the names of its credential profile",
                               "change the profile's templates"};
constexpr Reason kAuthorityExpired{"AUTHORITY_EXPIRED", failed_precondition, "the CA's own certificate has expired",
                                   "renew the issuing CA"};
constexpr Reason kAuthorityRefused{"AUTHORITY_REFUSED", permission_denied,
                                   "the certification authority refused the order"};
constexpr Reason kAuthorityUnavailable{"AUTHORITY_UNAVAILABLE", unavailable,
                                       "the certification authority does not answer"};
constexpr Reason kAuthorityWrong{"AUTHORITY_ANSWER_WRONG", internal,
                                 "the certification authority's certificate is not what was ordered",
                                 "compare the CA's templates with the credential profile"};
constexpr Reason kAuthorityInvalid{"AUTHORITY_INVALID", invalid_argument,
                                   "the CA's certificates and key do not belong together", "look at authority.*"};
constexpr Reason kProfileInvalid{"PROFILE_INVALID", invalid_argument, "a credential profile cannot be so",
                                 "look at credential_profiles"};

constexpr Reason kVoucherUnknown{"VOUCHER_UNKNOWN", not_found, "there is no such voucher"};
constexpr Reason kVoucherMismatch{"VOUCHER_DEVICE_MISMATCH", failed_precondition,
                                  "the voucher is for another serial number than the device's"};
constexpr Reason kEnvelopeAltered{"ENVELOPE_ALTERED", data_loss, "a sealed value was changed or moved to another row",
                                  "restore the row from a backup"};
constexpr Reason kEnvelopeMalformed{"ENVELOPE_MALFORMED", data_loss, "a sealed value was cut or overwritten",
                                    "restore the row from a backup"};
constexpr Reason kEnvelopeKeyUnknown{"ENVELOPE_KEY_UNKNOWN", failed_precondition,
                                     "a value is sealed under a master key that is no longer in the file",
                                     "put the old line back behind the first, then run `registrar --rewrap`"};

constexpr Reason kOcspTooMany{"OCSP_TOO_MANY", resource_exhausted,
                              "more OCSP answers were asked for in a second than may be signed",
                              "put an HTTP cache in front, let relying parties ask without a nonce, or add a replica"};

}  // namespace

obs::Catalogue catalogue() {
  obs::Catalogue out("registrar");
  out.events({&kTidied, &kTidyFailed, &kAuthorityEnds, &kAuditBroken});
  out.counters({&kForgotten});
  out.gauges({&kDevices, &kPendingApprovals, &kAuditEntries, &kEvents, &kConnections, &kWaiting,
              &kCredentialsExpiring, &kCredentialsExpired, &kAuthorityNotAfter});
  out.events({&kCrlPublished, &kRevocationListens, &kRevocationFailed, &kOcspFailed});
  out.counters({&kOcspResponses, &kRevocationRequests});
  out.gauges({&kCrlNumber, &kCrlEntries, &kCrlNextUpdate});
  out.reasons({&kOcspTooMany});
  out.reasons({&kFieldInvalid,         &kIdInvalid,           &kDeviceUnknown,
               &kDeviceExists,         &kDeviceStateConflict, &kDeviceNotAdmissible,
               &kSerialAmbiguous,      &kManufacturerUnknown, &kManufacturerExists,
               &kTrustAnchorUnknown,   &kPolicyUnknown,       &kApprovalUnknown,
               &kApprovalDecided,      &kApprovalVoted,       &kCredentialUnknown,
               &kCredentialConflict,   &kCredentialPending,   &kProfileUnknown,
               &kNameUnusable,         &kAuthorityExpired,    &kAuthorityRefused,
               &kAuthorityUnavailable, &kAuthorityWrong,      &kAuthorityInvalid,
               &kProfileInvalid,       &kVoucherUnknown,      &kVoucherMismatch,
               &kEnvelopeAltered,      &kEnvelopeMalformed,   &kEnvelopeKeyUnknown,
               &kTrustAnchorRemoved,   &kTrustAnchorsFull,    &kPolicyPriorityTaken,
               &kPoliciesFull,         &kDeviceRace,          &kFindingsMalformed});
  pg::describe_events(out);
  return out;
}

}  // namespace pratique::registrar
