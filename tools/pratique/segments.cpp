#include "tools/pratique/segments.h"

#include <fmt/format.h>

#include "tools/pratique/network_names.h"
#include "tools/pratique/network_requests.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

void print_segment(Context& context, const v1::Segment& one) {
  Details details;
  details.add("name", one.name()).add("short name", Cell(one.short_name(), Tone::strong));
  details.add("display name", one.display_name()).add("VLAN", std::to_string(one.vlan()));
  details.add("purpose", word_of(one.purpose())).add("made", when(context, one.create_time()));
  details.add("changed", when(context, one.update_time()));
  details.print(context.console);
  context.console.next(one.purpose() == v1::SEGMENT_PURPOSE_PRODUCTION
                           ? fmt::format("pratique move DEVICE {} --reason WHY", one.short_name())
                           : std::string("pratique ports list"));
}

Result<void> list_segments(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto segments, list<v1::ListSegmentsResponse>(context.api, v1::ListSegmentsRequest(), limit));
  return answer(context, segments, [&] {
    Table table({{"SEGMENT"}, {"VLAN"}, {"PURPOSE"}, {"DISPLAY NAME", Column::shrinks}, {"CHANGED"}});
    for (const auto& one : segments.segments())
      table.row({one.short_name(), std::to_string(one.vlan()), word_of(one.purpose()), one.display_name(),
                 since(context, one.update_time())});
    table.print(context.console, "no segments");
    tell_cut(context, segments, segments.next_page_token());
    context.console.next("pratique segments add NAME --vlan N");
  });
}

Result<void> show_segment(Context& context, const Arguments& arguments) {
  TRY(const auto segment, get_segment(context, arguments.text("SEGMENT")));
  return answer(context, segment, [&] { print_segment(context, segment); });
}

Result<void> add_segment(Context& context, const Arguments& arguments) {
  v1::CreateSegmentRequest request;
  auto& segment = *request.mutable_segment();
  segment.set_short_name(arguments.text("NAME"));
  segment.set_purpose(v1::SEGMENT_PURPOSE_PRODUCTION);  // the two others always exist
  google::protobuf::FieldMask all_new;
  TRY_VOID(apply_changes(arguments, segment, all_new));
  request.set_request_id(context.request_id());
  TRY(const auto made, context.api.call<v1::Segment>(request));
  return answer(context, made, [&] { print_segment(context, made); });
}

Result<void> update_segment(Context& context, const Arguments& arguments) {
  v1::UpdateSegmentRequest request;
  TRY(*request.mutable_segment(), get_segment(context, arguments.text("SEGMENT")));
  TRY_VOID(apply_changes(arguments, *request.mutable_segment(), *request.mutable_update_mask()));
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Segment>(request));
  return answer(context, changed, [&] { print_segment(context, changed); });
}

Result<void> delete_segment(Context& context, const Arguments& arguments) {
  TRY(const auto segment, get_segment(context, arguments.text("SEGMENT")));
  TRY_VOID(
      context.console.confirm(fmt::format("delete segment {} (VLAN {}); devices that are given it are let in nowhere",
                                          segment.short_name(), segment.vlan()),
                              arguments.has("yes")));
  v1::DeleteSegmentRequest request;
  request.set_name(segment.name());
  request.set_etag(segment.etag());
  request.set_request_id(context.request_id());
  TRY(const auto done, context.api.call<v1::DeleteSegmentResponse>(request));
  return answer(context, done, [&] {
    context.console.line(fmt::format("segment {} is deleted", segment.short_name()));
    context.console.next(fmt::format("pratique devices list --segment {}", segment.short_name()));
  });
}

}  // namespace

std::vector<Command> segment_commands() {
  const Operand one{"SEGMENT", "short name, UUID or segments/UUID"};
  return {{.words = "segments list", .help = "where devices may be", .options = {limit_option()}, .run = list_segments},
          {.words = "segments show", .help = "one segment", .operands = {one}, .run = show_segment},
          {.words = "segments add",
           .help = "a new segment for devices",
           .operands = {{"NAME", "what registrar and policies call it: a-z, 0-9, '-', '_'; it never changes"}},
           .options = segment_options(true),
           .run = add_segment},
          {.words = "segments update",
           .help = "change a segment; ports in it follow at once",
           .operands = {one},
           .options = segment_options(false),
           .run = update_segment},
          {.words = "segments delete",
           .help = "take a segment away",
           .operands = {one},
           .options = {yes_option()},
           .run = delete_segment}};
}

}  // namespace pratique::cli
