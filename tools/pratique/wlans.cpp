#include "tools/pratique/wlans.h"

#include <fmt/format.h>

#include "tools/pratique/network_names.h"
#include "tools/pratique/network_requests.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

std::string segment_of(NetworkNames& names, const v1::Wlan& one) {
  return one.segment().empty() ? "as RADIUS says" : names.of_segment(one.segment());
}

void print_wlan(Context& context, const v1::Wlan& one) {
  NetworkNames names(context);
  Details details;
  details.add("name", one.name()).add("short name", Cell(one.short_name(), Tone::strong));
  details.add("display name", one.display_name()).add("site", names.of_site(one.site()));
  details.add("SSID", one.ssid_text()).add("security", word_of(one.security()));
  details.add("segment", segment_of(names, one)).add("announced", one.disabled() ? "no, it is disabled" : "yes");
  details.add("made", when(context, one.create_time())).add("changed", when(context, one.update_time()));
  details.print(context.console);
  context.console.next("pratique wlans list");
}

Result<void> list_wlans(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListWlansRequest request;
  TRY(*request.mutable_site(), site_name(context, arguments.text("site")));
  TRY(*request.mutable_segment(), segment_name(context, arguments.text("segment")));
  TRY(const auto wlans, list<v1::ListWlansResponse>(context.api, request, limit));
  return answer(context, wlans, [&] {
    NetworkNames names(context);
    Table table({{"WLAN"},
                 {"SITE"},
                 {"SSID"},
                 {"SECURITY"},
                 {"SEGMENT"},
                 {"ANNOUNCED"},
                 {"DISPLAY NAME", Column::shrinks},
                 {"CHANGED"}});
    for (const auto& one : wlans.wlans())
      table.row({one.short_name(), names.of_site(one.site()), one.ssid_text(), word_of(one.security()),
                 segment_of(names, one), one.disabled() ? "no" : "yes", one.display_name(),
                 since(context, one.update_time())});
    table.print(context.console, "no WLANs");
    tell_cut(context, wlans, wlans.next_page_token());
    context.console.next(wlans.wlans().empty()
                             ? std::string("pratique wlans add NAME --site SITE --ssid TEXT --security WORD")
                             : "pratique wlans show " + wlans.wlans(0).short_name());
  });
}

Result<void> show_wlan(Context& context, const Arguments& arguments) {
  TRY(const auto wlan, get_wlan(context, arguments.text("WLAN")));
  return answer(context, wlan, [&] { print_wlan(context, wlan); });
}

// What was typed of the names that a change refers to.
Result<TypedNames> typed_names(Context& context, const Arguments& arguments) {
  TypedNames out;
  TRY(out.site, site_name(context, arguments.text("site")));
  TRY(out.segment, segment_name(context, arguments.text("segment")));
  return out;
}

Result<void> add_wlan(Context& context, const Arguments& arguments) {
  TRY(const auto names, typed_names(context, arguments));
  v1::CreateWlanRequest request;
  request.mutable_wlan()->set_short_name(arguments.text("NAME"));
  google::protobuf::FieldMask all_new;
  TRY_VOID(apply_changes(arguments, names, *request.mutable_wlan(), all_new));
  request.set_request_id(context.request_id());
  TRY(const auto made, context.api.call<v1::Wlan>(request));
  return answer(context, made, [&] { print_wlan(context, made); });
}

Result<void> update_wlan(Context& context, const Arguments& arguments) {
  TRY(const auto names, typed_names(context, arguments));
  v1::UpdateWlanRequest request;
  TRY(*request.mutable_wlan(), get_wlan(context, arguments.text("WLAN")));
  TRY_VOID(apply_changes(arguments, names, *request.mutable_wlan(), *request.mutable_update_mask()));
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Wlan>(request));
  return answer(context, changed, [&] { print_wlan(context, changed); });
}

Result<void> delete_wlan(Context& context, const Arguments& arguments) {
  TRY(const auto wlan, get_wlan(context, arguments.text("WLAN")));
  TRY_VOID(context.console.confirm(fmt::format("delete WLAN {} (SSID {})", wlan.short_name(), wlan.ssid_text()),
                                   arguments.has("yes")));
  v1::DeleteWlanRequest request;
  request.set_name(wlan.name());
  request.set_etag(wlan.etag());
  request.set_request_id(context.request_id());
  TRY(const auto done, context.api.call<v1::DeleteWlanResponse>(request));
  return answer(context, done, [&] {
    context.console.line(fmt::format("WLAN {} is deleted", wlan.short_name()));
    context.console.next("pratique wlans list");
  });
}

}  // namespace

std::vector<Command> wlan_commands() {
  const Operand one{"WLAN", "short name, UUID or wlans/UUID"};
  return {{.words = "wlans list",
           .help = "which wireless networks there are",
           .options = {Option::text("site", "SITE", "announced there"),
                       Option::text("segment", "SEGMENT", "that lead into it"), limit_option()},
           .run = list_wlans},
          {.words = "wlans show", .help = "one WLAN", .operands = {one}, .run = show_wlan},
          {.words = "wlans add",
           .help = "a new WLAN; it is kept as data, no access point is driven by it yet",
           .operands = {{"NAME", "short name: a-z, 0-9, '-', '_'"}},
           .options = wlan_options(true),
           .run = add_wlan},
          {.words = "wlans update",
           .help = "change a WLAN",
           .operands = {one},
           .options = wlan_options(false),
           .run = update_wlan},
          {.words = "wlans delete",
           .help = "take a WLAN away",
           .operands = {one},
           .options = {yes_option()},
           .run = delete_wlan}};
}

}  // namespace pratique::cli
