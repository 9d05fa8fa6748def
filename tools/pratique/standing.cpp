#include "tools/pratique/standing.h"

#include <fmt/format.h>
#include <pratique/network/v1/segment.pb.h>
#include <pratique/registrar/v1/credential.pb.h>

#include "libs/codec/json/parse.h"
#include "tools/pratique/credential_requests.h"
#include "tools/pratique/device_view.h"
#include "tools/pratique/link/failure.h"
#include "tools/pratique/network_names.h"
#include "tools/pratique/port_view.h"
#include "tools/pratique/port_wait.h"
#include "tools/pratique/session_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;
namespace network_v1 = pratique::network::v1;
using google::protobuf::Message;
using std::chrono::steady_clock;

constexpr int kMostRounds = 5;  // of revoking what was issued meanwhile

/// What was decided, and how it is told.
struct Decision {
  const Message& message;  // of the API, for scripts
  std::string text;        // for people
  Aim aim;
  std::string next;
  steady_clock::time_point begun;
};

bool has_ended(const network_v1::Session& session) { return session.state() == network_v1::SESSION_STATE_ENDED; }

void print_place(Context& context, const Place& place) {
  const auto& [session, port] = place;
  const auto where = place_text(session);
  context.console.line(has_ended(session) ? fmt::format("  {}: logged off, {} {}", where, session.end_reason().code(),
                                                        session.end_reason().message())
                                          : fmt::format("  {}: {} is in segment {}", where, session.mac_address(),
                                                        port ? segment_text(port->desired()) : ""));
}

json::Value json_of_places(const AtPorts& done) {
  auto places = json::Value::array();
  for (const auto& [session, port] : done.places) {
    auto one = json::Value::object();
    one.set("session", session.name()).set("switchName", session.switch_name()).set("portName", session.port_name());
    one.set("macAddress", session.mac_address()).set("state", has_ended(session) ? "ended" : "moved");
    one.set("segment", has_ended(session) || !port ? std::string() : port->desired().segment());
    one.set("reason", session.end_reason().code());
    places.push_back(std::move(one));
  }
  auto out = json::Value::object();
  out.set("seconds", std::chrono::duration<double>(done.took).count()).set("places", std::move(places));
  return out;
}

Result<void> tell_decision(Context& context, const Decision& decision) {
  return answer(context, decision.message, [&] {
    context.console.line(decision.text);
    context.console.next(decision.next);
  });
}

// What was decided is told even where the network does not follow in time: it stands.
Result<void> tell_waiting(Context& context, const Decision& decision, std::chrono::milliseconds limit) {
  auto& console = context.console;
  if (!console.json()) {
    console.line(decision.text);
    console.flush();
  }
  const auto done = wait_at_ports(context, decision.aim, limit, decision.begun);
  if (console.json()) {
    TRY(const auto text, json_of(decision.message));
    TRY(auto decided, json::parse(text));
    auto all = json::Value::object();
    all.set("decision", std::move(decided)).set("applied", done ? json_of_places(*done) : json::Value());
    console.data(all);
    return done ? Result<void>() : done.error();
  }
  if (!done) return done.error();
  for (const auto& place : done->places) print_place(context, place);
  console.line(done->places.empty() ? std::string("it is on no port: there is nothing to be done")
                                    : "decision to port: " + seconds_text(done->took));
  console.next(decision.next);
  return {};
}

Result<void> finish(Context& context, const Decision& decision, std::optional<std::chrono::milliseconds> limit) {
  return limit ? tell_waiting(context, decision, *limit) : tell_decision(context, decision);
}

// The verbs of a device's state differ in their request alone.
template <typename Request>
Result<void> change_state(Context& context, const Arguments& arguments, std::string_view confirm) {
  TRY(const auto limit, wait_limit(arguments));
  TRY(const auto before, get_device(context, arguments.text("DEVICE")));
  if (!confirm.empty())
    TRY_VOID(context.console.confirm(fmt::format(fmt::runtime(confirm), before.serial_number()), arguments.has("yes")));
  Request request;
  request.set_name(before.name());
  request.set_reason(arguments.text("reason"));
  request.set_request_id(context.request_id());
  const auto begun = steady_clock::now();
  TRY(const auto device, context.api.call<v1::Device>(request));
  return finish(context,
                {.message = device,
                 .text = fmt::format("device {} is {}, it was {}", device.serial_number(), word_of(device.state()),
                                     word_of(before.state())),
                 .aim = aim_of(device),
                 .next = next_step(device),
                 .begun = begun},
                limit);
}

Result<void> quarantine(Context& context, const Arguments& arguments) {
  return change_state<v1::QuarantineDeviceRequest>(context, arguments, "");
}
Result<void> release(Context& context, const Arguments& arguments) {
  return change_state<v1::ReleaseDeviceRequest>(context, arguments, "");
}
Result<void> retire(Context& context, const Arguments& arguments) {
  return change_state<v1::RetireDeviceRequest>(context, arguments,
                                               "end the life of {} here for good and revoke all its credentials");
}
Result<void> reset(Context& context, const Arguments& arguments) {
  return change_state<v1::ResetDeviceRequest>(
      context, arguments, "revoke the credentials of {} and let it onboard anew (it must have been wiped)");
}

// A device without a certificate is not stopped by revoking: it would be given one a moment later.
Result<void> check_revocable(const v1::Device& device) {
  const auto word = device_word(device);
  if (device.state() == v1::DEVICE_STATE_ONBOARDING)
    return failed_precondition("NOTHING_TO_REVOKE", "the device has no certificate yet, it is being given one")
        .with(kRemedy, fmt::format("pratique quarantine {} --reason WHY", word));
  if (device.state() == v1::DEVICE_STATE_EXPECTED || device.state() == v1::DEVICE_STATE_PENDING)
    return failed_precondition("NOTHING_TO_REVOKE", "the device has no certificate")
        .with(kRemedy, fmt::format("to keep it out for good: pratique devices retire {} --reason WHY", word));
  return {};
}

Result<void> revoke(Context& context, const Arguments& arguments) {
  TRY(const auto limit, wait_limit(arguments));
  TRY(const auto device, get_device(context, arguments.text("DEVICE")));
  TRY(auto wanted, in_force(context, device.name()));
  if (wanted.credentials().empty()) TRY_VOID(check_revocable(device));
  if (!wanted.credentials().empty())
    TRY_VOID(context.console.confirm(
        fmt::format("revoke for good all certificates of {} ({})", device.serial_number(), wanted.credentials_size()),
        arguments.has("yes")));
  const auto begun = steady_clock::now();
  v1::ListCredentialsResponse revoked;
  // A renewal may have come between; after the first revocation the registrar issues no more.
  for (int round = 0; round < kMostRounds && !wanted.credentials().empty(); ++round) {
    TRY_VOID(revoke_all(context, wanted, arguments.text("reason"), revoked));
    TRY(wanted, in_force(context, device.name()));
  }
  Aim aim{.device = device.name(), .decided = context.clock.now()};
  std::vector<std::string> serials;
  for (const auto& one : revoked.credentials()) {
    aim.decided = serials.empty() ? time_of(one.revoke_time()) : std::min(aim.decided, time_of(one.revoke_time()));
    serials.push_back(one.certificate_serial());
  }
  return finish(
      context,
      {.message = revoked,
       .text = serials.empty() ? fmt::format("device {} has no certificate in force", device.serial_number())
                               : fmt::format("device {}: revoked {}", device.serial_number(), joined(serials)),
       .aim = aim,
       .next = fmt::format("pratique devices explain {}", device_word(device)),
       .begun = begun},
      limit);
}

// The network's word for the segment, if it can be asked: a device that is sent to no segment is let in nowhere.
Result<std::string> checked_segment(Context& context, const std::string& typed) {
  if (context.api.addresses(Service::network).empty()) {
    context.console.error_line("whether the network has such a segment is not known: its address is not set");
    return typed;
  }
  const auto segment = get_segment(context, typed);
  if (segment && segment->purpose() == network_v1::SEGMENT_PURPOSE_PRODUCTION) return segment->short_name();
  if (segment)
    return invalid("ARGUMENT_INVALID", fmt::format("segment {} is not for devices to be moved to, it is for {}",
                                                   segment->short_name(), word_of(segment->purpose())))
        .with(kRemedy, "pratique quarantine DEVICE --reason WHY");
  if (segment.error().code == ErrorCode::not_found) return segment.error();
  context.console.error_line("whether the network has such a segment is not known: " + segment.error().message);
  return typed;
}

Result<void> move(Context& context, const Arguments& arguments) {
  TRY(const auto limit, wait_limit(arguments));
  TRY(auto device, get_device(context, arguments.text("DEVICE")));
  TRY(const auto segment, checked_segment(context, arguments.text("SEGMENT")));
  const auto before = device.effective_segment();
  device.set_segment(segment);
  v1::UpdateDeviceRequest request;
  *request.mutable_device() = std::move(device);
  request.mutable_update_mask()->add_paths("segment");
  request.set_request_id(context.request_id());
  const auto begun = steady_clock::now();
  TRY(const auto moved, context.api.call<v1::Device>(request));
  auto text = fmt::format("device {} belongs into segment {}{}", moved.serial_number(), segment,
                          before.empty() || before == segment ? "" : ", it was " + before);
  if (moved.state() == v1::DEVICE_STATE_QUARANTINED) text += "; it is quarantined, so that counts once it is released";
  return finish(context,
                {.message = moved,
                 .text = std::move(text),
                 .aim = aim_of(moved),
                 .next = fmt::format("pratique devices show {}", device_word(moved)),
                 .begun = begun},
                limit);
}

}  // namespace

std::vector<Command> standing_commands() {
  const Operand device{"DEVICE", "serial number, UUID or devices/UUID"};
  const auto options = [](std::vector<Option> out) {
    for (auto& option : wait_options()) out.push_back(std::move(option));
    return out;
  };
  std::vector<Command> out{{.words = "revoke",
                            .help = "all certificates of a device, for good: it is logged off and gets no new one",
                            .operands = {device},
                            .options = options({reason_option(), yes_option()}),
                            .run = revoke},
                           {.words = "move",
                            .help = "a device into another segment; it stays logged on where the switch can do that",
                            .operands = {device, {"SEGMENT", "short name, UUID or segments/UUID"}},
                            .options = wait_options(),
                            .run = move}};
  for (const std::string_view family : {"", "devices "}) {
    const auto words = [&](const char* verb) { return std::string(family) + verb; };
    out.push_back({.words = words("quarantine"),
                   .help = "take the network away from a device; it is left the quarantine segment",
                   .operands = {device},
                   .options = options({reason_option()}),
                   .run = quarantine});
    out.push_back({.words = words("release"),
                   .help = "end a quarantine",
                   .operands = {device},
                   .options = options({reason_option()}),
                   .run = release});
  }
  out.push_back({.words = "devices retire",
                 .help = "end a device's life here; cannot be undone",
                 .operands = {device},
                 .options = options({reason_option(), yes_option()}),
                 .run = retire});
  out.push_back({.words = "devices reset",
                 .help = "let a wiped device onboard again",
                 .operands = {device},
                 .options = options({reason_option(), yes_option()}),
                 .run = reset});
  return out;
}

}  // namespace pratique::cli
