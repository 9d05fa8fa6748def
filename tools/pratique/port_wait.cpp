#include "tools/pratique/port_wait.h"

#include <fmt/format.h>
#include <pratique/network/v1/segment.pb.h>

#include <algorithm>
#include <thread>

#include "libs/runtime/quantity.h"
#include "tools/pratique/link/failure.h"
#include "tools/pratique/names.h"
#include "tools/pratique/session_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kUsualLimit{30'000};
constexpr milliseconds kPause{50};
constexpr std::int32_t kNewest = 50;  // sessions of the device that are looked at

bool has_station(const v1::PortView& view, const v1::Session& session) {
  return std::ranges::any_of(view.stations(),
                             [&](const auto& one) { return one.mac_address() == session.mac_address(); });
}

bool has_ended(const v1::Session& session) { return session.state() == v1::SESSION_STATE_ENDED; }

Result<std::string> quarantine_segment(Context& context) {
  TRY(const auto all, list<v1::ListSegmentsResponse>(context.api, v1::ListSegmentsRequest(), kAllOfThem));
  for (const auto& one : all.segments())
    if (one.purpose() == v1::SEGMENT_PURPOSE_QUARANTINE) return one.short_name();
  return failed_precondition("SEGMENT_UNKNOWN", "the network service has no quarantine segment");
}

// Its open sessions, and those that ended since the decision.
Result<std::vector<Place>> look(Context& context, Aim& aim) {
  if (aim.goal == Aim::Goal::quarantine && aim.segment.empty()) {
    TRY(aim.segment, quarantine_segment(context));
  }
  v1::ListSessionsRequest request;
  request.set_device(aim.device);
  TRY(const auto sessions, list<v1::ListSessionsResponse>(context.api, request, kNewest));
  std::vector<Place> out;
  for (const auto& session : sessions.sessions()) {
    if (has_ended(session) && time_of(session.end_time()) < aim.decided) continue;
    auto port = get_by_name<v1::Port, v1::GetPortRequest>(context, session.port());
    if (!port && port.error().code != ErrorCode::not_found) return std::move(port).error();
    out.push_back({session, port ? std::optional(*std::move(port)) : std::nullopt});
  }
  return out;
}

// By the services' clocks where they say it, else by ours.
microseconds time_taken(const std::vector<Place>& places, const Aim& aim, microseconds by_our_clock) {
  microseconds out{};
  for (const auto& [session, port] : places)
    out = std::max(out, has_ended(session) ? time_of(session.end_time()) - aim.decided : by_our_clock);
  return out;
}

bool worth_asking_again(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::deadline_exceeded ||
         error.code == ErrorCode::resource_exhausted;
}

Error behind(const std::vector<Place>& places, const Aim& aim, milliseconds limit) {
  const auto late =
      std::ranges::find_if(places, [&](const auto& place) { return progress_of(place, aim) == Progress::waiting; });
  const auto where = place_text(late->session);
  const auto obstacle = obstacle_of(*late);
  return Error{ErrorCode::deadline_exceeded, "NETWORK_BEHIND",
               fmt::format("port {} was not put right within {}{}", where, seconds_text(limit),
                           obstacle.empty() ? "" : ": " + obstacle)}
      .with("port", where)
      .with("session", late->session.name())
      .with(kRemedy, fmt::format("what was decided stands, and is carried out as soon as the switch can be reached: "
                                 "pratique network diff {}",
                                 shell_word(late->session.switch_name())));
}

}  // namespace

Aim aim_of(const registrar::v1::Device& device) {
  Aim out{.device = device.name(), .decided = time_of(device.update_time())};
  if (device.state() == registrar::v1::DEVICE_STATE_QUARANTINED) {
    out.goal = Aim::Goal::quarantine;
  } else if (device.state() == registrar::v1::DEVICE_STATE_ADMITTED && !device.effective_segment().empty()) {
    out.goal = Aim::Goal::segment;
    out.segment = device.effective_segment();
  }
  return out;
}

Progress progress_of(const Place& place, const Aim& aim) {
  const auto& [session, port] = place;
  const bool seen_to = !port || !port->pending();
  if (has_ended(session)) return seen_to ? Progress::done : Progress::waiting;
  if (aim.goal == Aim::Goal::nowhere) return Progress::waiting;
  if (session.state() == v1::SESSION_STATE_ACCEPTED) return Progress::not_meant;
  if (!port) return Progress::waiting;
  const bool there = seen_to && port->problem().code().empty() && port->desired().segment() == aim.segment &&
                     has_station(port->desired(), session);
  return there ? Progress::done : Progress::waiting;
}

std::string obstacle_of(const Place& place) {
  if (!place.port || place.port->problem().code().empty()) return "";
  return place.port->problem().code() + " " + place.port->problem().message();
}

std::vector<Option> wait_options() {
  return {Option::flag("wait", "until it is done at the device's port; says how long that took"),
          Option::text("wait-limit", "TIME", "wait no longer than this, e.g. 30s")};
}

Result<std::optional<milliseconds>> wait_limit(const Arguments& arguments) {
  if (!arguments.has("wait") && !arguments.has("wait-limit")) return std::optional<milliseconds>();
  if (!arguments.has("wait-limit")) return std::optional(kUsualLimit);
  TRY(const auto limit, runtime::parse_duration(arguments.text("wait-limit")).with_context("--wait-limit"));
  return std::optional(limit);
}

Result<AtPorts> wait_at_ports(Context& context, Aim aim, milliseconds limit, steady_clock::time_point begun) {
  const auto end = steady_clock::now() + limit;
  bool told = false;
  for (;;) {
    auto places = look(context, aim);
    const auto by_our_clock = std::chrono::duration_cast<microseconds>(steady_clock::now() - begun);
    if (!places && !worth_asking_again(places.error())) return std::move(places).error();
    if (places) {
      std::erase_if(*places, [&](const auto& place) { return progress_of(place, aim) == Progress::not_meant; });
      if (std::ranges::all_of(*places, [&](const auto& place) { return progress_of(place, aim) == Progress::done; })) {
        const auto took = time_taken(*places, aim, by_our_clock);
        return AtPorts{*std::move(places), took};
      }
    } else if (!told) {
      told = true;
      context.console.error_line("the network service does not answer; asking again: " + places.error().message);
    }
    if (steady_clock::now() >= end) return places ? behind(*places, aim, limit) : std::move(places).error();
    std::this_thread::sleep_for(kPause);
  }
}

std::string seconds_text(microseconds time) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

}  // namespace pratique::cli
