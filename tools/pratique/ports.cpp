#include "tools/pratique/ports.h"

#include <fmt/format.h>

#include "tools/pratique/network_requests.h"
#include "tools/pratique/port_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

Result<void> list_ports(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListPortsRequest request;
  TRY(*request.mutable_network_switch(), switch_name(context, arguments.text("switch")));
  request.set_role(value_of<v1::PortRole>(arguments.text("role")));
  request.set_troubled(arguments.has("troubled"));
  TRY(const auto ports, list<v1::ListPortsResponse>(context.api, request, limit));
  return answer(context, ports, [&] { print_ports(context, ports); });
}

Result<void> show_port(Context& context, const Arguments& arguments) {
  TRY(const auto port, get_port(context, arguments.text("PORT")));
  return answer(context, port, [&] { print_port(context, port); });
}

Result<TypedNames> typed_names(Context& context, const Arguments& arguments) {
  TypedNames out;
  TRY(out.segment, segment_name(context, arguments.text("segment")));
  return out;
}

Result<void> add_port(Context& context, const Arguments& arguments) {
  const auto place = parse_port_place(arguments.text("PORT"));
  if (!place)
    return invalid("ARGUMENT_INVALID", fmt::format("'{}' is no SWITCH/PORT, as hall-1/p3 is", arguments.text("PORT")));
  v1::CreatePortRequest request;
  auto& port = *request.mutable_port();
  TRY(*port.mutable_network_switch(), switch_name(context, place->on_switch));
  port.set_port_name(std::string(place->port));
  TRY(const auto names, typed_names(context, arguments));
  google::protobuf::FieldMask all_new;
  TRY_VOID(apply_changes(arguments, names, port, all_new));
  request.set_request_id(context.request_id());
  TRY(const auto made, context.api.call<v1::Port>(request));
  return answer(context, made, [&] { print_port(context, made); });
}

Result<void> update_port(Context& context, const Arguments& arguments) {
  v1::UpdatePortRequest request;
  TRY(*request.mutable_port(), get_port(context, arguments.text("PORT")));
  TRY(const auto names, typed_names(context, arguments));
  TRY_VOID(apply_changes(arguments, names, *request.mutable_port(), *request.mutable_update_mask()));
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Port>(request));
  return answer(context, changed, [&] { print_port(context, changed); });
}

Result<void> delete_port(Context& context, const Arguments& arguments) {
  TRY(const auto port, get_port(context, arguments.text("PORT")));
  NetworkNames names(context);
  const auto called = names.of_port(port);
  TRY_VOID(context.console.confirm(fmt::format("delete port {}; the switch's own port stays as it is", called),
                                   arguments.has("yes")));
  v1::DeletePortRequest request;
  request.set_name(port.name());
  request.set_etag(port.etag());
  request.set_request_id(context.request_id());
  TRY(const auto done, context.api.call<v1::DeletePortResponse>(request));
  return answer(context, done, [&] {
    context.console.line(fmt::format("port {} is deleted", called));
    context.console.next("pratique ports list --switch " + shell_word(names.of_switch(port.network_switch())));
  });
}

}  // namespace

std::vector<Command> port_commands() {
  const Operand one{"PORT", "SWITCH/PORT (hall-1/p3), UUID or ports/UUID"};
  return {
      {.words = "ports list",
       .help = "ports of switches, and how they are",
       .options = {Option::text("switch", "SWITCH", "of this switch"),
                   Option::one_of("role", words_of<v1::PortRole>(), "for this"),
                   Option::flag("troubled", "only those with a problem"), limit_option()},
       .run = list_ports},
      {.words = "ports show", .help = "one port: what it is to do, what it does", .operands = {one}, .run = show_port},
      {.words = "ports add",
       .help = "declare a port of a switch",
       .operands = {{"PORT", "SWITCH/PORT: the switch, and its own name for the port"}},
       .options = port_options(true),
       .run = add_port},
      {.words = "ports update",
       .help = "change what a port is for",
       .operands = {one},
       .options = port_options(false),
       .run = update_port},
      {.words = "ports delete",
       .help = "leave a port alone; nothing is changed on the switch",
       .operands = {one},
       .options = {yes_option()},
       .run = delete_port}};
}

}  // namespace pratique::cli
