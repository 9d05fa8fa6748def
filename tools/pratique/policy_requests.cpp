#include "tools/pratique/policy_requests.h"

#include <limits>

#include "libs/rpc/timestamp.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/terminal/time_text.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

// An empty time takes the limit away.
Result<void> set_time(const Arguments& arguments, std::string_view option,
                      google::protobuf::Timestamp* (v1::Policy::*get)(), void (v1::Policy::*clear)(),
                      v1::Policy& policy) {
  const auto& typed = arguments.text(option);
  if (typed.empty()) {
    (policy.*clear)();
    return {};
  }
  TRY(const auto time, parse_time(typed).with_context("--" + std::string(option)));
  *(policy.*get)() = rpc::write_time(time);
  return {};
}

}  // namespace

std::vector<Option> policy_options(bool adding) {
  auto priority = Option::text("priority", "N", "lower is asked first; unique");
  auto effect = Option::one_of("effect", words_of<v1::PolicyEffect>(), "what happens to a device that matches");
  priority.required = effect.required = adding;
  std::vector<Option> out = {std::move(priority),
                             Option::text("name", "TEXT", "what people call the rule"),
                             std::move(effect),
                             Option::text("manufacturer", "NAME", "matches its devices alone"),
                             Option::text("model", "PATTERN", "of the model, e.g. 'Sensor*'"),
                             Option::text("serial", "PATTERN", "of the serial number"),
                             Option::text("location", "PATTERN", "of the site"),
                             Option::many("protocol", "WORD", "brski, fdo, dpp; several: commas between"),
                             Option::text("from", "TIME", "matches from then on"),
                             Option::text("until", "TIME", "matches until then"),
                             Option::text("segment", "NAME", "network segment for devices that may join"),
                             Option::text("credential-profile", "NAME", "profile of the local CA"),
                             Option::text("approvals", "N", "how many operators must approve (ask): 1 or 2")};
  if (adding) {
    out.push_back(Option::flag("disabled", "do not ask it yet"));
  } else {
    out.push_back(Option::flag("disable", "do not ask it any more"));
    out.push_back(Option::flag("enable", "ask it again"));
  }
  return out;
}

Result<void> apply_changes(const Arguments& arguments, const std::string& manufacturer, v1::Policy& policy,
                           google::protobuf::FieldMask& mask) {
  const auto typed = [&](std::string_view option, const char* field) {
    if (!arguments.has(option)) return false;
    mask.add_paths(field);
    return true;
  };
  TRY(const auto priority, arguments.integer("priority", 0, 0, std::numeric_limits<std::int32_t>::max()));
  TRY(const auto approvals, arguments.integer("approvals", 0, 1, 2));
  if (typed("priority", "priority")) policy.set_priority(static_cast<std::int32_t>(priority));
  if (typed("name", "display_name")) policy.set_display_name(arguments.text("name"));
  if (typed("effect", "effect")) policy.set_effect(value_of<v1::PolicyEffect>(arguments.text("effect")));
  if (typed("manufacturer", "manufacturer")) policy.set_manufacturer(manufacturer);
  if (typed("model", "model_pattern")) policy.set_model_pattern(arguments.text("model"));
  if (typed("serial", "serial_pattern")) policy.set_serial_pattern(arguments.text("serial"));
  if (typed("location", "location_pattern")) policy.set_location_pattern(arguments.text("location"));
  if (typed("protocol", "protocols")) {
    policy.clear_protocols();
    for (const auto& protocol : arguments.all("protocol", true)) policy.add_protocols(protocol);
  }
  if (typed("from", "start_time"))
    TRY_VOID(set_time(arguments, "from", &v1::Policy::mutable_start_time, &v1::Policy::clear_start_time, policy));
  if (typed("until", "end_time"))
    TRY_VOID(set_time(arguments, "until", &v1::Policy::mutable_end_time, &v1::Policy::clear_end_time, policy));
  if (typed("segment", "segment")) policy.set_segment(arguments.text("segment"));
  if (typed("credential-profile", "credential_profile"))
    policy.set_credential_profile(arguments.text("credential-profile"));
  if (typed("approvals", "approvals_required")) policy.set_approvals_required(static_cast<std::int32_t>(approvals));
  if (arguments.has("disable") && arguments.has("enable"))
    return invalid("ARGUMENT_INVALID", "--disable and --enable exclude each other");
  if (typed("disabled", "disabled") || typed("disable", "disabled")) policy.set_disabled(true);
  if (typed("enable", "disabled")) policy.set_disabled(false);
  if (mask.paths().empty()) return invalid("NOTHING_TO_CHANGE", "say what to change, e.g. --segment NAME");
  return {};
}

Result<v1::TestPoliciesRequest> test_request(const Arguments& arguments, const std::string& device,
                                             const std::string& manufacturer) {
  v1::TestPoliciesRequest out;
  out.set_device(device);
  out.set_manufacturer(manufacturer);
  out.set_model(arguments.text("model"));
  out.set_serial_number(arguments.text("serial"));
  out.set_location(arguments.text("location"));
  out.set_protocol(arguments.text("protocol"));
  if (arguments.has("at")) {
    TRY(const auto time, parse_time(arguments.text("at")).with_context("--at"));
    *out.mutable_time() = rpc::write_time(time);
  }
  if (device.empty() && manufacturer.empty() && out.serial_number().empty())
    return invalid("ARGUMENT_INVALID",
                   "name a device, or say what it would be: --manufacturer, --model, --serial, --location");
  return out;
}

}  // namespace pratique::cli
