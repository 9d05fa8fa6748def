#include "tools/pratique/trust_anchors.h"

#include <fmt/format.h>

#include "tools/pratique/anchor_files.h"
#include "tools/pratique/manufacturer_view.h"
#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<void> add_anchor(Context& context, const Arguments& arguments) {
  TRY(const auto anchors, read_anchor_file(arguments, arguments.text("FILE")));
  TRY(const auto parent, manufacturer_name(context, arguments.text("MANUFACTURER")));
  for (const auto& anchor : anchors) {
    v1::AddTrustAnchorRequest request;
    request.set_parent(parent);
    *request.mutable_trust_anchor() = anchor;
    request.set_request_id(context.request_id());
    TRY_VOID(context.api.call<v1::TrustAnchor>(request));
  }
  TRY(const auto manufacturer, get_manufacturer(context, parent));
  return answer(context, manufacturer, [&] { print_manufacturer(context, manufacturer); });
}

Result<void> remove_anchor(Context& context, const Arguments& arguments) {
  const auto& typed = arguments.text("ANCHOR");
  v1::RemoveTrustAnchorRequest request;
  request.set_name(resource_name("trustAnchors", typed));
  if (request.name().empty())
    return invalid("ARGUMENT_INVALID",
                   fmt::format("'{}' names no trust anchor: pratique manufacturers show NAME lists them", typed));
  TRY_VOID(context.console.confirm(
      fmt::format("remove trust anchor {}: what it vouches for will be refused", short_name(request.name())),
      arguments.has("yes")));
  request.set_reason(arguments.text("reason"));
  request.set_request_id(context.request_id());
  TRY(const auto anchor, context.api.call<v1::TrustAnchor>(request));
  return answer(context, anchor, [&] {
    context.console.line(
        fmt::format("trust anchor {} ({}) vouches for nothing any more", short_name(anchor.name()), anchor.subject()));
    context.console.next("pratique manufacturers list");
  });
}

}  // namespace

std::vector<Command> anchor_commands() {
  auto remove = std::vector{reason_option(), yes_option()};
  return {
      {.words = "manufacturers anchors add",
       .help = "recognise a manufacturer by one more certificate",
       .operands = {{"MANUFACTURER", "display name, UUID or manufacturers/UUID"}, {"FILE", "certificates, PEM or DER"}},
       .options = anchor_options(),
       .run = add_anchor},
      {.words = "manufacturers anchors remove",
       .help = "let an anchor vouch for nothing any more",
       .operands = {{"ANCHOR", "UUID or trustAnchors/UUID"}},
       .options = std::move(remove),
       .run = remove_anchor}};
}

}  // namespace pratique::cli
