#include "tools/pratique/manufacturer_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

std::string purposes_text(const v1::TrustAnchor& anchor) {
  std::vector<std::string> out;
  for (const auto purpose : anchor.purposes()) out.push_back(word_of(static_cast<v1::AnchorPurpose>(purpose)));
  return joined(out);
}

bool has_purpose(const v1::Manufacturer& manufacturer, v1::AnchorPurpose purpose) {
  return std::ranges::any_of(manufacturer.trust_anchors(), [&](const auto& anchor) {
    return !anchor.has_remove_time() &&
           std::ranges::find(anchor.purposes(), static_cast<int>(purpose)) != anchor.purposes().end();
  });
}

std::string next_step(const v1::Manufacturer& manufacturer) {
  const auto name = shell_word(manufacturer.display_name());
  for (const auto purpose : {v1::ANCHOR_PURPOSE_IDEVID, v1::ANCHOR_PURPOSE_VOUCHER, v1::ANCHOR_PURPOSE_MASA_TLS})
    if (!has_purpose(manufacturer, purpose))
      return fmt::format("pratique manufacturers anchors add {} FILE --purpose {}", name, word_of(purpose));
  if (manufacturer.disabled()) return fmt::format("pratique manufacturers enable {}", name);
  return fmt::format("pratique devices add SERIAL --manufacturer {}", name);
}

}  // namespace

void print_manufacturers(Context& context, const v1::ListManufacturersResponse& manufacturers) {
  Table table(
      {{"DISPLAY NAME"}, {"STATE"}, {"WIRE"}, {"ANCHORS"}, {"MASA URL", Column::shrinks}, {"NAME", Column::shrinks}});
  for (const auto& one : manufacturers.manufacturers()) {
    const auto in_force =
        std::ranges::count_if(one.trust_anchors(), [](const auto& anchor) { return !anchor.has_remove_time(); });
    table.row({one.display_name(), one.disabled() ? state_cell("disabled") : Cell("enabled"),
               word_of(one.wire_profile()), std::to_string(in_force), one.masa_url(), short_name(one.name())});
  }
  table.print(context.console, "no manufacturers: every device is refused");
  tell_cut(context, manufacturers, manufacturers.next_page_token());
  context.console.next(
      manufacturers.manufacturers().empty()
          ? "pratique manufacturers add NAME --idevid-anchor FILE --voucher-anchor FILE --masa-anchor FILE"
          : "pratique manufacturers show " + shell_word(manufacturers.manufacturers(0).display_name()));
}

void print_manufacturer(Context& context, const v1::Manufacturer& manufacturer) {
  Details details;
  details.add("name", manufacturer.name()).add("display name", Cell(manufacturer.display_name(), Tone::strong));
  details.add("state", manufacturer.disabled() ? state_cell("disabled") : Cell("enabled"));
  details.add("wire profile", word_of(manufacturer.wire_profile()));
  details.add("MASA URL", manufacturer.masa_url().empty() ? "as the IDevID says" : manufacturer.masa_url());
  details.add("added", when(context, manufacturer.create_time()))
      .add("changed", when(context, manufacturer.update_time()));
  details.print(context.console);
  for (const auto& anchor : manufacturer.trust_anchors()) {
    context.console.line("");
    Details of_anchor(2);
    of_anchor.add("trust anchor", short_name(anchor.name())).add("subject", anchor.subject());
    of_anchor.add("SHA-256", anchor.fingerprint()).add("purposes", purposes_text(anchor));
    of_anchor.add("protocols", joined(anchor.protocols())).add("serial numbers", anchor.serial_pattern());
    of_anchor.add("from", when(context, anchor.start_time())).add("until", when(context, anchor.end_time()));
    of_anchor.add("removed", Cell(when(context, anchor.remove_time()), Tone::bad));
    of_anchor.print(context.console);
  }
  context.console.next(next_step(manufacturer));
}

}  // namespace pratique::cli
