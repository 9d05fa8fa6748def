// OpenFlow as a switch may send it: what was read is written as the same value, what we would send can be read, and a
// session tells the same however its bytes are cut, answers only what was asked, and ends where it says so.
#include <algorithm>
#include <iterator>

#include "libs/protocol/openflow/bundle.h"
#include "libs/protocol/openflow/description.h"
#include "libs/protocol/openflow/flow_mod.h"
#include "libs/protocol/openflow/hello.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/session.h"
#include "tests/fuzz/steering.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

using namespace openflow;

void match(ByteView input) {
  Reader in(input, "fuzz");
  const auto first = read_match(in);
  if (!first) return require(first.error().reason == reason::kMalformed, "a match is read or malformed");
  require(std::ranges::is_sorted(first->terms(), {}, &FieldValue::field), "terms stand in canonical order");
  for (const auto& term : first->terms()) {
    require(!term.is_wildcard(), "no term says nothing");
    if (!term.is_exact())
      for (std::size_t i = 0; i < kMaxFieldWidth; ++i)
        require((term.value[i] & ~term.mask[i]) == 0, "no bit hides under a mask");
  }
  Match other_order;
  for (auto term = first->terms().rbegin(); term != first->terms().rend(); ++term) other_order.add(*term);
  for (auto field = first->opaque().rbegin(); field != first->opaque().rend(); ++field) other_order.add(*field);
  require(other_order == *first, "a match does not depend on the order of its terms");
  Writer out;
  write_match(out, *first);
  require(out.size() % 8 == 0, "a match is padded");
  Reader again(out.view(), "fuzz");
  const auto second = read_match(again);
  require(second && *second == *first && again.at_end(), "a match that was read can be written");
  (void)first->text();
  (void)check_flow({.match = *first});
}

void instructions(ByteView input) {
  Reader in(input, "fuzz");
  const auto first = read_instructions(in);
  if (!first) return require(first.error().reason == reason::kMalformed, "instructions are read or malformed");
  Writer out;
  write_instructions(out, *first);
  Reader again(out.view(), "fuzz");
  const auto second = read_instructions(again);
  require(second && *second == *first, "instructions that were read can be written");
}

void flow_mod(ByteView input) {
  const auto first = parse_flow_mod(input);
  if (!first) return;
  const auto wire = encode_flow_mod(1, *first);
  if (!wire) return require(!wire.error().message.empty(), "a refusal says why");
  const auto second = parse_flow_mod(ByteView(*wire).subspan(kHeaderSize));
  require(second && *second == *first, "a flow-mod that was read and passes our check can be written");
  const std::vector mods{*first, *first};
  auto bundle = Bundle::make(1, mods, 5);
  require(bundle || bundle.error().reason == reason::kMessageTooLarge,
          "a flow-mod that passes alone passes in a bundle");
}

void statistics(ByteView input) {
  const auto flows = parse_flow_stats(input);
  if (!flows) return;
  for (const auto& each : *flows) {
    require(each.age.count() >= 0, "an age is not negative");
    // What was read back can be looked for, removed and made again, unless our check has something against it.
    const auto again = encode_flow_mod(1, add_flow(each.flow));
    if (!again) continue;
    const auto parsed = parse_flow_mod(ByteView(*again).subspan(kHeaderSize));
    require(parsed && parsed->flow == each.flow, "a flow that was read back is the flow that is written");
    require(encode_flow_mod(1, remove_flow(each.flow)).has_value(), "what could be added can be removed");
  }
}

void reports(ByteView input) {
  if (const auto status = parse_port_status(input))
    require(std::ranges::all_of(status->port.name, [](char each) { return each >= ' ' && each <= '~'; }),
            "a port's name can stand in a log");
  (void)parse_ports(input);
  (void)parse_table_stats(input);
  (void)parse_description(input);
  (void)parse_flow_removed(input);
  (void)parse_packet_in(input);
  (void)parse_role_reply(input);
  if (const auto error = parse_error(input)) {
    require(error->data.size() <= kMaxErrorData, "an error keeps a beginning");
    require(std::ranges::all_of(error->text(), [](char each) { return each >= ' ' && each <= '~'; }),
            "an error's text can stand in a log");
  }
  const auto hello = parse_hello({.version = 6, .xid = 1, .body = to_bytes(input)});
  if (hello && negotiate(*hello) && !hello->bitmaps.empty())
    require((hello->bitmaps[0] >> kVersion & 1U) != 0, "we agree only on what was offered");
}

/// A session that has asked one of everything, and a bundle of two.
struct Asked {
  Session session;
  std::vector<Xid> xids = {};
  std::uint32_t bundle = 0;
};
Asked ask(bool connected, unsigned what) {
  Asked asked{.session = Session({.pending = 16, .multipart_bytes = 1 << 20})};
  if (!connected) return asked;
  std::vector<Event> events;
  Writer opening;
  opening.bytes(encode_hello(1));
  const auto features = start_message(opening, MessageType::features_reply, 2);
  opening.zeros(24);
  require(finish_message(opening, features).has_value() && asked.session.receive(opening.view(), events).has_value() &&
              asked.session.ready(),
          "a good opening opens");
  const auto keep = [&](Result<Xid> xid) { asked.xids.push_back(std::move(xid).value_or(0)); };
  if ((what & 1) != 0) keep(asked.session.ask_barrier());
  if ((what & 2) != 0) keep(asked.session.ask_flows({}));
  if ((what & 4) != 0) keep(asked.session.ask_ports());
  if ((what & 8) != 0) keep(asked.session.ask_tables());
  if ((what & 16) != 0) keep(asked.session.ask_description());
  if ((what & 32) != 0) keep(asked.session.ask_role({}));
  if ((what & 64) != 0) keep(asked.session.ask_echo());
  if ((what & 128) != 0) {
    const std::vector mods{add_flow({.match = Match().in_port(1)}), remove_cookie(7)};
    asked.bundle = asked.session.start_bundle(mods).value_or(0);
    require(asked.bundle != 0, "a good bundle starts");
  }
  (void)asked.session.take_output();
  return asked;
}

void session(Steering& in) {
  const bool connected = !in.flag();
  const unsigned what = in.byte();
  const std::size_t step = in.byte() + 1U;
  const auto stream = in.rest();

  auto whole = ask(connected, what);
  std::vector<Event> events;
  const auto result = whole.session.receive(stream, events);
  const auto output = whole.session.take_output();

  auto cut = ask(connected, what);
  std::vector<Event> pieces;
  Result<void> ended;
  for (std::size_t at = 0; at < stream.size() && ended; at += step)
    ended = cut.session.receive(stream.subspan(at, std::min(step, stream.size() - at)), pieces);
  require(events == pieces, "events do not depend on how the bytes are cut");
  require(result.has_value() == ended.has_value() && (result || result.error().reason == ended.error().reason),
          "the end does not depend on how the bytes are cut");
  require(output == cut.session.take_output(), "our answers do not depend on how the bytes are cut");
  if (!result) {
    std::vector<Event> none;
    require(!whole.session.receive({}, none) && !whole.session.ask_barrier(), "an ended session stays ended");
  }
  std::size_t bundles = 0;
  for (const auto& event : events)
    if (const auto* const over = std::get_if<BundleOver>(&event)) {
      ++bundles;
      require(over->id == whole.bundle, "a bundle that was started is over");
      require(over->outcome.committed == over->outcome.refusals.empty(), "committed, or refused for a reason");
    } else if (const auto* const flows = std::get_if<FlowsRead>(&event)) {
      require(std::ranges::count(whole.xids, flows->xid) == 1, "what is answered was asked");
    } else if (const auto* const refused = std::get_if<Refused>(&event)) {
      require(std::ranges::count(whole.xids, refused->xid) == 1, "what is refused was asked");
    }
  require(bundles <= 1, "a bundle is over once");
  require(whole.session.pending() <= whole.xids.size() + 1, "nothing pends that was not asked");
}

}  // namespace

void fuzz_openflow(ByteView input) {
  Steering in(input);
  switch (in.pick(6)) {
    case 0: return session(in);
    case 1: return match(in.rest());
    case 2: return instructions(in.rest());
    case 3: return flow_mod(in.rest());
    case 4: return statistics(in.rest());
    default: return reports(in.rest());
  }
}

}  // namespace pratique::fuzz
