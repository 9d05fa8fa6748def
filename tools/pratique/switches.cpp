#include "tools/pratique/switches.h"

#include <fmt/format.h>

#include "libs/base/secret.h"
#include "libs/runtime/secret_file.h"
#include "tools/pratique/file_text.h"
#include "tools/pratique/network_names.h"
#include "tools/pratique/network_requests.h"
#include "tools/pratique/switch_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

constexpr std::size_t kMaxSecretInput = 4096;  // more than any secret: the service says what is too long

Result<void> list_switches(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListSwitchesRequest request;
  TRY(*request.mutable_site(), site_name(context, arguments.text("site")));
  request.set_kind(value_of<v1::SwitchKind>(arguments.text("kind")));
  request.set_troubled(arguments.has("troubled"));
  TRY(const auto switches, list<v1::ListSwitchesResponse>(context.api, request, limit));
  return answer(context, switches, [&] { print_switches(context, switches); });
}

Result<void> show_switch(Context& context, const Arguments& arguments) {
  TRY(const auto one, get_switch(context, arguments.text("SWITCH")));
  return answer(context, one, [&] { print_switch(context, one); });
}

Result<TypedNames> typed_names(Context& context, const Arguments& arguments) {
  TypedNames out;
  TRY(out.site, site_name(context, arguments.text("site")));
  return out;
}

Result<void> add_switch(Context& context, const Arguments& arguments) {
  v1::CreateSwitchRequest request;
  auto& wanted = *request.mutable_network_switch();
  wanted.set_short_name(arguments.text("NAME"));
  wanted.set_settings("{}");
  TRY(const auto names, typed_names(context, arguments));
  google::protobuf::FieldMask all_new;
  TRY_VOID(apply_changes(arguments, names, wanted, all_new));
  request.set_request_id(context.request_id());
  TRY(const auto made, context.api.call<v1::NetworkSwitch>(request));
  return answer(context, made, [&] { print_switch(context, made); });
}

Result<void> update_switch(Context& context, const Arguments& arguments) {
  v1::UpdateSwitchRequest request;
  TRY(*request.mutable_network_switch(), get_switch(context, arguments.text("SWITCH")));
  TRY(const auto names, typed_names(context, arguments));
  TRY_VOID(apply_changes(arguments, names, *request.mutable_network_switch(), *request.mutable_update_mask()));
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::NetworkSwitch>(request));
  return answer(context, changed, [&] { print_switch(context, changed); });
}

// Never from the command line, which others on the machine can read, and which a shell keeps.
Result<Secret> read_secret(const std::string& file) {
  if (file != "-") return runtime::SecretFile{file}.load_text();
  TRY(auto text, load_text(file, kMaxSecretInput));
  if (text.ends_with('\n')) text.pop_back();
  Secret out(text);
  std::ranges::fill(text, '\0');
  return out;
}

Result<void> set_secret(Context& context, const Arguments& arguments) {
  TRY(const auto secret, read_secret(arguments.text("file")));
  v1::SetRadiusSecretRequest request;
  TRY(*request.mutable_name(), switch_name(context, arguments.text("SWITCH")));
  request.set_radius_secret(std::string(as_text(secret.reveal())));
  request.set_request_id(context.request_id());
  const auto changed = context.api.call<v1::NetworkSwitch>(request);
  std::ranges::fill(*request.mutable_radius_secret(), '\0');
  if (!changed) return changed.error();
  return answer(context, *changed, [&] { print_switch(context, *changed); });
}

Result<void> observe_switch(Context& context, const Arguments& arguments) {
  v1::ObserveSwitchRequest request;
  TRY(*request.mutable_name(), switch_name(context, arguments.text("SWITCH")));
  request.set_request_id(context.request_id());
  TRY(const auto one, context.api.call<v1::NetworkSwitch>(request));
  return answer(context, one, [&] {
    context.console.line(fmt::format("all ports of switch {} are being read anew", one.short_name()));
    context.console.next("pratique network diff " + shell_word(one.short_name()));
  });
}

Result<void> delete_switch(Context& context, const Arguments& arguments) {
  TRY(const auto one, get_switch(context, arguments.text("SWITCH")));
  TRY_VOID(context.console.confirm(fmt::format("delete switch {}; nothing is changed on it", one.short_name()),
                                   arguments.has("yes")));
  v1::DeleteSwitchRequest request;
  request.set_name(one.name());
  request.set_etag(one.etag());
  request.set_request_id(context.request_id());
  TRY(const auto done, context.api.call<v1::DeleteSwitchResponse>(request));
  return answer(context, done, [&] {
    context.console.line(fmt::format("switch {} is deleted", one.short_name()));
    context.console.next("pratique switches list");
  });
}

}  // namespace

std::vector<Command> switch_commands() {
  const Operand one{"SWITCH", "short name, UUID or switches/UUID"};
  return {{.words = "switches list",
           .help = "the switches, and how they are",
           .options = {Option::text("site", "SITE", "at this site"),
                       Option::one_of("kind", words_of<v1::SwitchKind>(), "of this kind"),
                       Option::flag("troubled", "only those with a problem"), limit_option()},
           .run = list_switches},
          {.words = "switches show", .help = "one switch", .operands = {one}, .run = show_switch},
          {.words = "switches add",
           .help = "a new switch; its ports are declared by `ports add`",
           .operands = {{"NAME", "short name: a-z, 0-9, '-', '_'"}},
           .options = switch_options(true),
           .run = add_switch},
          {.words = "switches update",
           .help = "change a switch",
           .operands = {one},
           .options = switch_options(false),
           .run = update_switch},
          {.words = "switches secret",
           .help = "the secret that it shares with the RADIUS servers",
           .operands = {one},
           .options = {Option::text("file", "FILE", "it stands in, mode 0600; '-' is standard input").must()},
           .run = set_secret},
          {.words = "switches observe",
           .help = "read all ports of a switch anew, now",
           .operands = {one},
           .run = observe_switch},
          {.words = "switches delete",
           .help = "leave a switch alone that has no ports",
           .operands = {one},
           .options = {yes_option()},
           .run = delete_switch}};
}

}  // namespace pratique::cli
