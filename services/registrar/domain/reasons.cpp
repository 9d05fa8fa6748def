#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kRefused = "this network refuses the device";
constexpr std::string_view kNotRecognised = "this network does not recognise the device's manufacturer certificate";

Reason refusal(std::string_view code, std::string_view cause, std::string_view remedy,
               std::string_view safe_message = kRefused, int http_status = 403) {
  return {std::string(code), std::string(cause), std::string(remedy), std::string(safe_message), http_status};
}

}  // namespace

std::vector<Reason> own_reasons() {
  return {
      // Genuineness.
      refusal("IDEVID_UNREADABLE", "the device presented no certificate, a damaged one, or a chain that is too long",
              "check the device's manufacturer certificate with its maker", kNotRecognised, 400),
      refusal("IDEVID_SERIAL_MISSING",
              "the subject of the device's certificate has no X.520 serialNumber, or one that "
              "cannot be stored; IEEE 802.1AR and RFC 8995 section 2.3.1 demand it",
              "ask the maker for devices with a conforming IDevID", kNotRecognised),
      refusal("MANUFACTURER_UNKNOWN",
              "nobody registered this manufacturer's certification authority here, or the "
              "device's certificate was made by somebody else",
              "if you trust the manufacturer, add its CA certificate as a trust anchor with purpose IDEVID",
              kNotRecognised),
      refusal("MANUFACTURER_DISABLED", "an administrator disabled the manufacturer",
              "enable the manufacturer again if its devices are to join"),
      refusal(
          "IDEVID_NOT_GENUINE",
          "the issuer's name is known here but the certificate does not verify: a missing "
          "intermediate CA, an expired CA, or a forgery",
          "look at evidence 'reason'; add a missing intermediate CA as an anchor, otherwise treat the device as forged",
          kNotRecognised),
      refusal("ANCHOR_REMOVED", "the trust anchor that would vouch for the device was removed",
              "add it again if that was a mistake", kNotRecognised),
      refusal("ANCHOR_PURPOSE_OTHER", "the trust anchor is registered for vouchers or the MASA's server only",
              "add the certificate with purpose IDEVID", kNotRecognised),
      refusal("ANCHOR_PROTOCOL_OTHER", "the trust anchor is limited to other onboarding protocols",
              "add the certificate again for this protocol, or onboard the device by one that is allowed",
              kNotRecognised),
      refusal("ANCHOR_SERIAL_OTHER", "the trust anchor is limited to other serial numbers",
              "add the certificate again with a serial pattern that includes the device", kNotRecognised),
      refusal("ANCHOR_NOT_YET_IN_FORCE", "the trust anchor counts from a later time on",
              "wait, or add the certificate again with an earlier start", kNotRecognised),
      refusal("ANCHOR_NO_LONGER_IN_FORCE", "the time in which the trust anchor counted is over",
              "add the certificate again with a later end if it is still trusted", kNotRecognised),
      // Standing.
      refusal("DEVICE_RETIRED", "the device's life here was ended", "create the device anew if it is to come back"),
      refusal("DEVICE_QUARANTINED", "an operator or a check took the network away from the device",
              "find out why (ExplainDevice), then release or reset the device"),
      refusal("DEVICE_REVOKED", "a credential of the device was revoked, so it is not trusted to fetch another",
              "if the device is sound again, wipe it and reset it"),
      refusal(
          "DEVICE_KEY_CHANGED", "two devices carry the same serial number, or the device was given a new IDevID",
          "compare the keys with the maker; if it was re-keyed, reset the device, otherwise one of the two is a clone"),
      // Policy and people.
      refusal("POLICY_DENIED", "a rule with effect DENY matched before any other",
              "change the rule, or announce the device by its serial number"),
      refusal("POLICY_NONE_MATCHED",
              "no rule allows such a device; the trace of TestPolicies says why each did not match",
              "announce the device by its serial number, or add a rule that allows it"),
      refusal("APPROVAL_REQUIRED", "a rule with effect ASK matched: people decide",
              "approve or deny the device (ListApprovals)", "the device waits for approval; try again later", 202),
      refusal("APPROVAL_DENIED", "an operator said no", "reset the device to let it in by its serial number"),
  };
}

ReasonCatalogue::ReasonCatalogue(std::initializer_list<std::vector<Reason>> lists) {
  for (const auto& list : lists)
    for (const auto& reason : list) reasons_.try_emplace(reason.code, reason);
}

ExplainedFinding ReasonCatalogue::explain(const Finding& finding) const {
  ExplainedFinding out{.finding = finding};
  const auto found = reasons_.find(finding.code);
  const Reason reason = found != reasons_.end()
                            ? found->second
                            : refusal(finding.code, "this version of the registrar does not know the code",
                                      "look the code up in the documentation of the service that reported it");
  out.cause = reason.cause;
  out.remedy = reason.remedy;
  out.safe_message = reason.safe_message;
  out.http_status = reason.http_status;
  if (out.finding.message.empty()) out.finding.message = reason.cause;
  return out;
}

std::string ReasonCatalogue::markdown() const {
  std::string out = "| code | why it happens | what to do | what the device is told |\n|---|---|---|---|\n";
  for (const auto& [code, reason] : reasons_)
    out += "| `" + code + "` | " + reason.cause + " | " + reason.remedy + " | " + std::to_string(reason.http_status) +
           ": " + reason.safe_message + " |\n";
  return out;
}

}  // namespace pratique::registrar
