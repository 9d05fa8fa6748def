#include "tools/pratique/credentials.h"

#include <fmt/format.h>

#include "tools/pratique/credential_requests.h"
#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

constexpr auto get_credential = get_by_name<v1::Credential, v1::GetCredentialRequest>;

void print_credentials(Context& context, const v1::ListCredentialsResponse& credentials) {
  Table table({{"CERTIFICATE", Column::shrinks},
               {"STATE"},
               {"SUBJECT", Column::shrinks},
               {"PROFILE"},
               {"ISSUED"},
               {"ENDS"},
               {"NAME", Column::shrinks}});
  for (const auto& one : credentials.credentials())
    table.row({one.certificate_serial(), state_cell(word_of(one.state())), one.subject(), one.profile(),
               since(context, one.issue_time()), since(context, one.not_after()), short_name(one.name())});
  table.print(context.console, "no credentials");
  tell_cut(context, credentials, credentials.next_page_token());
}

void print_credential(Context& context, const v1::Credential& one) {
  Details details;
  details.add("name", one.name()).add("device", one.device()).add("state", state_cell(word_of(one.state())));
  details.add("certificate", Cell(one.certificate_serial(), Tone::strong)).add("subject", one.subject());
  details.add("profile", one.profile()).add("issued", when(context, one.issue_time()));
  details.add("valid from", when(context, one.not_before())).add("valid until", when(context, one.not_after()));
  details.add("revoked", when(context, one.revoke_time())).add("reason", one.revoke_reason());
  details.add("key SHA-256", one.key_fingerprint());
  details.print(context.console);
  context.console.next("pratique devices explain " + one.device());
}

Result<void> list_credentials(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto device, device_name(context, arguments.text("device")));
  TRY(const auto found, credentials_of(context, device, value_of<v1::CredentialState>(arguments.text("state")), limit));
  return answer(context, found, [&] {
    print_credentials(context, found);
    context.console.next(found.credentials().empty()
                             ? "pratique devices list"
                             : "pratique credentials show " + short_name(found.credentials(0).name()));
  });
}

Result<void> show_credential(Context& context, const Arguments& arguments) {
  const auto& typed = arguments.text("CREDENTIAL");
  const auto name = resource_name("credentials", typed);
  if (name.empty())
    return invalid("ARGUMENT_INVALID",
                   fmt::format("'{}' names no credential: pratique credentials list --device DEVICE", typed));
  TRY(const auto one, get_credential(context, name));
  return answer(context, one, [&] { print_credential(context, one); });
}

// One credential by its own name, or all that a device has in force. A UUID alone is a credential's.
Result<v1::ListCredentialsResponse> to_be_revoked(Context& context, const std::string& typed) {
  if (!typed.starts_with("devices/"))
    if (const auto name = resource_name("credentials", typed); !name.empty()) {
      v1::ListCredentialsResponse out;
      TRY(*out.add_credentials(), get_credential(context, name));
      return out;
    }
  TRY(const auto device, device_name(context, typed));
  TRY(auto out, in_force(context, device));
  if (out.credentials().empty())
    return not_found("CREDENTIAL_UNKNOWN", fmt::format("{} has no credential in force", typed));
  return out;
}

Result<void> revoke(Context& context, const Arguments& arguments) {
  const auto& typed = arguments.text("CREDENTIAL");
  TRY(const auto wanted, to_be_revoked(context, typed));
  std::vector<std::string> serials;
  for (const auto& one : wanted.credentials()) serials.push_back(one.certificate_serial());
  TRY_VOID(
      context.console.confirm(fmt::format("revoke for good: certificate {}", joined(serials)), arguments.has("yes")));
  v1::ListCredentialsResponse revoked;
  TRY_VOID(revoke_all(context, wanted, arguments.text("reason"), revoked));
  return answer(context, revoked, [&] {
    print_credentials(context, revoked);
    context.console.next(
        fmt::format("pratique devices reset {} --reason WHY (lets it onboard anew)", revoked.credentials(0).device()));
  });
}

}  // namespace

std::vector<Command> credential_commands() {
  return {{.words = "credentials list",
           .help = "certificates of devices, newest first",
           .options = {Option::text("device", "DEVICE", "of this device"),
                       Option::one_of("state", words_of<v1::CredentialState>(), "in this state"), limit_option()},
           .run = list_credentials},
          {.words = "credentials show",
           .help = "one credential",
           .operands = {{"CREDENTIAL", "UUID or credentials/UUID"}},
           .run = show_credential},
          {.words = "credentials revoke",
           .help = "revoke one credential, or all of a device; cannot be undone",
           .operands = {{"CREDENTIAL", "UUID or credentials/UUID; or a device: serial number or devices/UUID"}},
           .options = {reason_option(), yes_option()},
           .run = revoke}};
}

}  // namespace pratique::cli
