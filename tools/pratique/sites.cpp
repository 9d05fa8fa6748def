#include "tools/pratique/sites.h"

#include <fmt/format.h>

#include "tools/pratique/network_names.h"
#include "tools/pratique/network_requests.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

void print_site(Context& context, const v1::Site& one) {
  Details details;
  details.add("name", one.name()).add("short name", Cell(one.short_name(), Tone::strong));
  details.add("display name", one.display_name()).add("made", when(context, one.create_time()));
  details.add("changed", when(context, one.update_time()));
  details.print(context.console);
  context.console.next(fmt::format("pratique switches list --site {}", one.short_name()));
}

Result<void> list_sites(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto sites, list<v1::ListSitesResponse>(context.api, v1::ListSitesRequest(), limit));
  return answer(context, sites, [&] {
    Table table({{"SITE"}, {"DISPLAY NAME", Column::shrinks}, {"CHANGED"}});
    for (const auto& one : sites.sites())
      table.row({one.short_name(), one.display_name(), since(context, one.update_time())});
    table.print(context.console, "no sites");
    tell_cut(context, sites, sites.next_page_token());
    context.console.next(sites.sites().empty() ? std::string("pratique sites add NAME")
                                               : "pratique switches list --site " + sites.sites(0).short_name());
  });
}

Result<void> show_site(Context& context, const Arguments& arguments) {
  TRY(const auto site, get_site(context, arguments.text("SITE")));
  return answer(context, site, [&] { print_site(context, site); });
}

Result<void> add_site(Context& context, const Arguments& arguments) {
  v1::CreateSiteRequest request;
  request.mutable_site()->set_short_name(arguments.text("NAME"));
  request.mutable_site()->set_display_name(arguments.text("display-name"));
  request.set_request_id(context.request_id());
  TRY(const auto made, context.api.call<v1::Site>(request));
  return answer(context, made, [&] { print_site(context, made); });
}

Result<void> update_site(Context& context, const Arguments& arguments) {
  v1::UpdateSiteRequest request;
  TRY(*request.mutable_site(), get_site(context, arguments.text("SITE")));
  TRY_VOID(apply_changes(arguments, *request.mutable_site(), *request.mutable_update_mask()));
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Site>(request));
  return answer(context, changed, [&] { print_site(context, changed); });
}

Result<void> delete_site(Context& context, const Arguments& arguments) {
  TRY(const auto site, get_site(context, arguments.text("SITE")));
  TRY_VOID(context.console.confirm(fmt::format("delete site {}", site.short_name()), arguments.has("yes")));
  v1::DeleteSiteRequest request;
  request.set_name(site.name());
  request.set_etag(site.etag());
  request.set_request_id(context.request_id());
  TRY(const auto done, context.api.call<v1::DeleteSiteResponse>(request));
  return answer(context, done, [&] {
    context.console.line(fmt::format("site {} is deleted", site.short_name()));
    context.console.next("pratique sites list");
  });
}

}  // namespace

std::vector<Command> site_commands() {
  const Operand one{"SITE", "short name, UUID or sites/UUID"};
  const auto display_name = Option::text("display-name", "TEXT", "what people call it");
  return {{.words = "sites list", .help = "where switches stand", .options = {limit_option()}, .run = list_sites},
          {.words = "sites show", .help = "one site", .operands = {one}, .run = show_site},
          {.words = "sites add",
           .help = "a new site",
           .operands = {{"NAME", "short name: a-z, 0-9, '-', '_'"}},
           .options = {display_name},
           .run = add_site},
          {.words = "sites update",
           .help = "change what a site is called",
           .operands = {one},
           .options = {Option::text("name", "NAME", "its short name"), display_name},
           .run = update_site},
          {.words = "sites delete",
           .help = "take a site away on which no switch stands",
           .operands = {one},
           .options = {yes_option()},
           .run = delete_site}};
}

}  // namespace pratique::cli
