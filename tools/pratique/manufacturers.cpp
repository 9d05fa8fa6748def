#include "tools/pratique/manufacturers.h"

#include "tools/pratique/anchor_files.h"
#include "tools/pratique/manufacturer_view.h"
#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<void> list_manufacturers(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto all, list<v1::ListManufacturersResponse>(context.api, v1::ListManufacturersRequest(), limit));
  return answer(context, all, [&] { print_manufacturers(context, all); });
}

Result<void> show_manufacturer(Context& context, const Arguments& arguments) {
  TRY(const auto one, get_manufacturer(context, arguments.text("MANUFACTURER")));
  return answer(context, one, [&] { print_manufacturer(context, one); });
}

Result<void> add_manufacturer(Context& context, const Arguments& arguments) {
  TRY(const auto anchors, read_anchors(arguments));
  v1::CreateManufacturerRequest request;
  auto& wanted = *request.mutable_manufacturer();
  wanted.set_display_name(arguments.text("NAME"));
  wanted.set_masa_url(arguments.text("masa-url"));
  wanted.set_wire_profile(arguments.has("lenient") ? v1::WIRE_PROFILE_LENIENT : v1::WIRE_PROFILE_STRICT);
  for (const auto& anchor : anchors) *wanted.add_trust_anchors() = anchor;
  request.set_request_id(context.request_id());
  TRY(const auto made, context.api.call<v1::Manufacturer>(request));
  return answer(context, made, [&] { print_manufacturer(context, made); });
}

Result<void> send_update(Context& context, v1::UpdateManufacturerRequest request) {
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Manufacturer>(request));
  return answer(context, changed, [&] { print_manufacturer(context, changed); });
}

Result<void> update_manufacturer(Context& context, const Arguments& arguments) {
  v1::UpdateManufacturerRequest request;
  TRY(*request.mutable_manufacturer(), get_manufacturer(context, arguments.text("MANUFACTURER")));
  auto& wanted = *request.mutable_manufacturer();
  auto& mask = *request.mutable_update_mask();
  if (const auto name = arguments.find("display-name")) {
    wanted.set_display_name(*name);
    mask.add_paths("display_name");
  }
  if (const auto url = arguments.find("masa-url")) {
    wanted.set_masa_url(*url);
    mask.add_paths("masa_url");
  }
  if (arguments.has("wire-profile")) {
    wanted.set_wire_profile(value_of<v1::WireProfile>(arguments.text("wire-profile")));
    mask.add_paths("wire_profile");
  }
  if (mask.paths().empty()) return invalid("NOTHING_TO_CHANGE", "say what to change, e.g. --masa-url URL");
  return send_update(context, std::move(request));
}

Result<void> set_disabled(Context& context, const Arguments& arguments, bool disabled) {
  v1::UpdateManufacturerRequest request;
  TRY(*request.mutable_manufacturer(), get_manufacturer(context, arguments.text("MANUFACTURER")));
  request.mutable_manufacturer()->set_disabled(disabled);
  request.mutable_update_mask()->add_paths("disabled");
  return send_update(context, std::move(request));
}
Result<void> disable(Context& context, const Arguments& arguments) { return set_disabled(context, arguments, true); }
Result<void> enable(Context& context, const Arguments& arguments) { return set_disabled(context, arguments, false); }

}  // namespace

std::vector<Command> manufacturer_commands() {
  const Operand one{"MANUFACTURER", "display name, UUID or manufacturers/UUID"};
  auto add = anchor_file_options();
  add.push_back(Option::text("masa-url", "URL", "https; instead of the one in the IDevIDs"));
  add.push_back(Option::flag("lenient", "accept what older devices send: id-data and CMSVersion 1"));
  return {
      {.words = "manufacturers list",
       .help = "the manufacturers",
       .options = {limit_option()},
       .run = list_manufacturers},
      {.words = "manufacturers show",
       .help = "one manufacturer with its trust anchors",
       .operands = {one},
       .run = show_manufacturer},
      {.words = "manufacturers add",
       .help = "make a manufacturer known, with its certificates",
       .operands = {{"NAME", "display name"}},
       .options = std::move(add),
       .run = add_manufacturer},
      {.words = "manufacturers update",
       .help = "change a manufacturer",
       .operands = {one},
       .options = {Option::text("display-name", "TEXT", "another name"),
                   Option::text("masa-url", "URL", "https; empty: as the IDevID says"),
                   Option::one_of("wire-profile", words_of<v1::WireProfile>(),
                                  "how closely it must follow the standard")},
       .run = update_manufacturer},
      {.words = "manufacturers disable", .help = "refuse its devices from now on", .operands = {one}, .run = disable},
      {.words = "manufacturers enable", .help = "recognise its devices again", .operands = {one}, .run = enable}};
}

}  // namespace pratique::cli
