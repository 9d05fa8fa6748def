#include "tools/pratique/link/failure.h"

#include <array>
#include <utility>

namespace pratique::cli {
namespace {

// Reasons of our own and of every service, whose remedy is a command of ours or a setting of ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kByReason = {{
    {"CALLER_NOT_ALLOWED",
     "an administrator gives roles to operators in the service's configuration, under rpc.trust.operators"},
    {"CALLER_UNKNOWN", "use an operator certificate of the service's trust domain (pratique-pki operator)"},
    {"DEVICE_UNKNOWN", "pratique devices list --search PART"},
    {"MANUFACTURER_UNKNOWN", "pratique manufacturers list"},
    {"POLICY_UNKNOWN", "pratique policies list"},
    {"APPROVAL_UNKNOWN", "pratique approvals list"},
    {"CREDENTIAL_UNKNOWN", "pratique credentials list --device DEVICE"},
    {"SESSION_UNKNOWN", "pratique sessions list; those of onboarding at the door: pratique onboarding list"},
    {"SEGMENT_UNKNOWN", "pratique segments list"},
    {"SITE_UNKNOWN", "pratique sites list"},
    {"SWITCH_UNKNOWN", "pratique switches list"},
    {"PORT_UNKNOWN", "pratique ports list"},
    {"WLAN_UNKNOWN", "pratique wlans list"},
    {"SWITCH_IN_USE", "delete its ports first: pratique ports list --switch SWITCH"},
    {"SITE_IN_USE",
     "move or delete what is there first: pratique switches list --site SITE, pratique wlans list --site SITE"},
    {"SEGMENT_IN_USE",
     "change or delete what refers to it first: pratique ports list, pratique wlans list --segment SEGMENT"},
    {"APPROVAL_VOTED", "another operator has to approve too; nobody can do so twice"},
    {"SERIAL_AMBIGUOUS", "name the device by its UUID: pratique devices list --search SERIAL"},
    {"ETAG_MISMATCH", "somebody changed it in between: look at it again, then repeat the command"},
    {"POLICY_PRIORITY_TAKEN", "pratique policies list shows the priorities in use"},
    {"DEVICE_STATE_CONFLICT", "pratique devices show DEVICE tells its state"},
    {"CONFIRMATION_MISSING", "repeat the command with --yes"},
    {"SECRET_FILE_UNSAFE", "chmod 600 the file"},
    {"KEY_PASSPHRASE_WRONG", "name the key's passphrase file with --passphrase-file"},
}};

std::string_view by_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::permission_denied: return "ask an administrator for a role that may do this";
    case ErrorCode::unauthenticated: return "check --certificate and --key, or --identity";
    case ErrorCode::aborted: return "repeat the command";
    case ErrorCode::resource_exhausted: return "the service is busy or full: try again in a moment";
    case ErrorCode::unavailable: return "pratique status shows which service is not well";
    case ErrorCode::deadline_exceeded:
      return "give it more time with --timeout; pratique status shows how the services are";
    case ErrorCode::data_loss: return "stored data does not verify: find out who changed it before anything else";
    case ErrorCode::internal: return "a defect: the service's log has more";
    default: return "";
  }
}

}  // namespace

int exit_code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::out_of_range: return exit_code::kUsage;
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied: return exit_code::kNotAllowed;
    case ErrorCode::not_found: return exit_code::kNotFound;
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded: return exit_code::kUnavailable;
    default: return exit_code::kFailure;
  }
}

std::string remedy_of(const Error& error) {
  for (const auto& [key, value] : error.evidence)
    if (key == kRemedy) return value;
  for (const auto& [reason, remedy] : kByReason)
    if (reason == error.reason) return std::string(remedy);
  return std::string(by_code(error.code));
}

void tell(Console& console, const Error& error) {
  const auto remedy = remedy_of(error);
  if (console.json()) {
    auto evidence = json::Value::object();
    for (const auto& [key, value] : error.evidence)
      if (key != kRemedy) evidence.set(key, value);
    auto facts = json::Value::object();
    facts.set("code", to_string(error.code)).set("reason", error.reason).set("message", error.message);
    facts.set("evidence", std::move(evidence)).set("remedy", remedy);
    auto all = json::Value::object();
    all.set("error", std::move(facts));
    return console.error_line(all.dump());
  }
  // A configuration's complaints stand one a line.
  std::string_view rest = error.message;
  for (bool first = true; first || !rest.empty(); first = false) {
    const auto end = rest.find('\n');
    const auto line = std::string(rest.substr(0, end));
    console.error_line(first
                           ? "pratique: " + line + " (" + std::string(to_string(error.code)) + ", " + error.reason + ")"
                           : "  " + line);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  for (const auto& [key, value] : error.evidence)
    if (key != kRemedy && key != "peer_domain") console.error_line("  " + key + ": " + value);
  if (!remedy.empty()) console.error_line("  remedy: " + remedy);
}

}  // namespace pratique::cli
