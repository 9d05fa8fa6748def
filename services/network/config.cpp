#include "services/network/config.h"

#include <algorithm>

#include "libs/runtime/config_reader.h"

namespace pratique::network {
namespace {

constexpr std::size_t kMaxReplicaName = 63;
constexpr std::chrono::milliseconds kLeastTakeover{1000};

struct RetentionSection {
  Config& out;
};
void read(runtime::ConfigReader& in, RetentionSection& section) {
  static constexpr std::chrono::hours kLeast{24};
  const auto kept = [&in](std::string_view key, std::chrono::hours& keep) {
    in.optional(key, keep);
    if (keep < kLeast) in.refuse(key, "is shorter than a day");
  };
  kept("events", section.out.work.loop.events_kept);
  kept("request_ids", section.out.work.loop.requests_kept);
  kept("sessions", section.out.sessions.history);
  kept("attempts", section.out.attempts.history);
}

}  // namespace

void read(runtime::ConfigReader& in, WorkConfig& out) {
  in.optional("switches_at_once", out.loop.reconcilers, {.least = 1, .most = 64});
  in.optional("lease", out.reconciler.lease);
  in.optional("call_limit", out.reconciler.call_limit);
  if (out.reconciler.call_limit * 2 > out.reconciler.lease) in.refuse("call_limit", "is more than half of lease");
  in.optional("observe_every", out.reconciler.observe_every);
  in.optional("first_pause", out.reconciler.first_pause);
  in.optional("longest_pause", out.reconciler.longest_pause);
  in.optional("put_right", out.reconciler.put_right);
  in.optional("takeover", out.takeover);
  if (out.takeover < kLeastTakeover) in.refuse("takeover", "is shorter than a second");
}

void read(runtime::ConfigReader& in, SessionRules& out) {
  in.optional("accept_limit", out.accept_limit);
  in.optional("silence_limit", out.silence_limit);
}

void read(runtime::ConfigReader& in, Config& out) {
  in.section("process", out.process);
  in.required("replica", out.replica);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  if (out.replica.size() > kMaxReplicaName || !std::ranges::all_of(out.replica, fits))
    in.refuse("replica", "must be at most 63 of a-z, 0-9, '-' and '.'");
  in.required_section("database", out.database);
  in.required("master_keys", out.master_keys);
  in.required("radius_keys", out.radius_keys);
  in.required("page_token_key", out.page_token_key);
  in.required_section("rpc", out.rpc);
  out.registrar.service = "registrar";
  in.required_section("registrar", out.registrar);
  in.section("work", out.work);
  in.section("sessions", out.sessions);
  RetentionSection retention{out};
  in.section("retention", retention);
}

}  // namespace pratique::network
