#include <catch2/catch.hpp>

#include "libs/rpc/timestamp.h"
#include "tools/pratique/device_requests.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/names.h"
#include "tools/pratique/policy_requests.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::registrar::v1;
using Values = Arguments::Values;

namespace {

constexpr auto kUuid = "0193a0b1-0000-7000-8000-000000000001";

std::vector<std::string> paths(const google::protobuf::FieldMask& mask) {
  return {mask.paths().begin(), mask.paths().end()};
}

}  // namespace

TEST_CASE("devices are named by resource name, by UUID or by serial number") {
  CHECK(resource_name("devices", std::string("devices/") + kUuid) == std::string("devices/") + kUuid);
  CHECK(resource_name("devices", kUuid) == std::string("devices/") + kUuid);
  CHECK(resource_name("devices", "0193A0B1-0000-7000-8000-000000000001") == std::string("devices/") + kUuid);
  for (const char* other :
       {"00-D0-E5-F2-00-02", "", "devices/", "devices/7", "policies/0193a0b1-0000-7000-8000-000000000001",
        "serial:0193a0b1-0000-7000-8000-000000000001"})
    CHECK(resource_name("devices", other).empty());
  CHECK(serial_number(std::string("serial:") + kUuid) == kUuid);
  CHECK(serial_number("7") == "7");
}

TEST_CASE("what we call a device on the command line leads back to it") {
  v1::Device device;
  device.set_name(std::string("devices/") + kUuid);
  CHECK(device_word(device) == device.name());  // no serial number
  for (const auto& [serial, word] : std::map<std::string, std::string>{{"00-D0-E5-F2-00-02", "00-D0-E5-F2-00-02"},
                                                                       {kUuid, std::string("serial:") + kUuid},
                                                                       {"--yes", "serial:--yes"},
                                                                       {"a b", "'a b'"},
                                                                       {"serial:1", "serial:serial:1"}}) {
    device.set_serial_number(serial);
    CHECK(device_word(device) == word);
  }
}

TEST_CASE("a manufacturer is found by its display name, in any case where that is unique") {
  v1::ListManufacturersResponse all;
  for (const char* name : {"Example Sensors", "ACME", "acme"}) all.add_manufacturers()->set_display_name(name);
  REQUIRE(find_by_display_name(all, "example sensors") != nullptr);
  CHECK(find_by_display_name(all, "example sensors")->display_name() == "Example Sensors");
  CHECK(find_by_display_name(all, "acme")->display_name() == "acme");
  CHECK(find_by_display_name(all, "Acme") == nullptr);  // which one?
  CHECK(find_by_display_name(all, "Example") == nullptr);
  CHECK(find_by_display_name(all, "") == nullptr);
}

TEST_CASE("devices add: every argument has its field") {
  const Arguments typed(Values{{"SERIAL", {"7"}},
                               {"model", {"Sensor X"}},
                               {"display-name", {"door"}},
                               {"location", {"plant-1"}},
                               {"segment", {"iot"}},
                               {"credential-profile", {"short"}},
                               {"label", {"floor=2", "gone="}}});
  const auto device = new_device(typed, "manufacturers/m");
  REQUIRE(device);
  CHECK(device->serial_number() == "7");
  CHECK(device->manufacturer() == "manufacturers/m");
  CHECK(device->model() == "Sensor X");
  CHECK(device->display_name() == "door");
  CHECK(device->location() == "plant-1");
  CHECK(device->segment() == "iot");
  CHECK(device->credential_profile() == "short");
  REQUIRE(device->labels().size() == 1);
  CHECK(device->labels().at("floor") == "2");
  CHECK_FALSE(new_device(Arguments(Values{{"SERIAL", {"7"}}, {"label", {"floor"}}}), "m"));
}

TEST_CASE("devices list: filters") {
  const auto request = list_devices_request(
      Arguments(Values{{"state", {"quarantined"}}, {"segment", {"iot"}}, {"search", {"F2"}}}), "manufacturers/m");
  CHECK(request.state() == v1::DEVICE_STATE_QUARANTINED);
  CHECK(request.segment() == "iot");
  CHECK(request.search() == "F2");
  CHECK(request.manufacturer() == "manufacturers/m");
  CHECK(list_devices_request(Arguments(), "").state() == v1::DEVICE_STATE_UNSPECIFIED);
}

TEST_CASE("devices update: only what was typed changes, and the mask says so") {
  v1::Device device;
  device.set_location("plant-1");
  device.set_segment("iot");
  device.set_etag("e");
  (*device.mutable_labels())["floor"] = "2";
  (*device.mutable_labels())["room"] = "b";
  google::protobuf::FieldMask mask;
  REQUIRE(apply_changes(Arguments(Values{{"segment", {""}}, {"label", {"floor=3", "room="}}}), device, mask));
  CHECK(paths(mask) == std::vector<std::string>{"segment", "labels"});
  CHECK(device.segment().empty());
  CHECK(device.location() == "plant-1");
  CHECK(device.etag() == "e");
  CHECK(device.labels().at("floor") == "3");
  CHECK_FALSE(device.labels().contains("room"));

  google::protobuf::FieldMask nothing;
  CHECK(apply_changes(Arguments(), device, nothing).error().reason == "NOTHING_TO_CHANGE");
}

TEST_CASE("policies add: every argument has its field") {
  const Arguments typed(Values{{"priority", {"100"}},
                               {"name", {"sensors"}},
                               {"effect", {"ask"}},
                               {"manufacturer", {"Example"}},
                               {"model", {"Sensor*"}},
                               {"serial", {"00-*"}},
                               {"location", {"plant-?"}},
                               {"protocol", {"brski,fdo"}},
                               {"from", {"2026-11-24"}},
                               {"until", {"2026-12-24T12:00:00Z"}},
                               {"segment", {"iot"}},
                               {"credential-profile", {"short"}},
                               {"approvals", {"2"}},
                               {"disabled", {"true"}}});
  v1::Policy policy;
  google::protobuf::FieldMask mask;
  REQUIRE(apply_changes(typed, "manufacturers/m", policy, mask));
  CHECK(policy.priority() == 100);
  CHECK(policy.display_name() == "sensors");
  CHECK(policy.effect() == v1::POLICY_EFFECT_ASK);
  CHECK(policy.manufacturer() == "manufacturers/m");
  CHECK(policy.model_pattern() == "Sensor*");
  CHECK(policy.serial_pattern() == "00-*");
  CHECK(policy.location_pattern() == "plant-?");
  REQUIRE(policy.protocols_size() == 2);
  CHECK(policy.protocols(1) == "fdo");
  CHECK(time_of(policy.start_time()) == *parse_rfc3339("2026-11-24T00:00:00Z"));
  CHECK(time_of(policy.end_time()) == *parse_rfc3339("2026-12-24T12:00:00Z"));
  CHECK(policy.segment() == "iot");
  CHECK(policy.credential_profile() == "short");
  CHECK(policy.approvals_required() == 2);
  CHECK(policy.disabled());
}

TEST_CASE("policies update: an empty value takes a condition away") {
  v1::Policy policy;
  policy.set_manufacturer("manufacturers/m");
  policy.set_model_pattern("Sensor*");
  *policy.mutable_start_time() = rpc::write_time(*parse_rfc3339("2026-11-24T00:00:00Z"));
  policy.add_protocols("brski");
  policy.set_disabled(true);
  google::protobuf::FieldMask mask;
  REQUIRE(
      apply_changes(Arguments(Values{{"manufacturer", {""}}, {"from", {""}}, {"protocol", {""}}, {"enable", {"true"}}}),
                    "", policy, mask));
  CHECK(policy.manufacturer().empty());
  CHECK_FALSE(policy.has_start_time());
  CHECK(policy.protocols().empty());
  CHECK_FALSE(policy.disabled());
  CHECK(policy.model_pattern() == "Sensor*");
  CHECK(paths(mask) == std::vector<std::string>{"manufacturer", "protocols", "start_time", "disabled"});
}

TEST_CASE("a rule that cannot be meant is refused before it is sent") {
  for (const auto& typed : std::vector<Values>{{{"priority", {"-1"}}},
                                               {{"priority", {"first"}}},
                                               {{"priority", {"2147483648"}}},
                                               {{"approvals", {"0"}}},
                                               {{"approvals", {"3"}}},
                                               {{"from", {"tomorrow"}}},
                                               {{"until", {"24.12.2026"}}},
                                               {{"disable", {"true"}}, {"enable", {"true"}}},
                                               {}}) {
    v1::Policy policy;
    google::protobuf::FieldMask mask;
    CHECK_FALSE(apply_changes(Arguments(typed), "", policy, mask));
  }
}

TEST_CASE("policies test: a device, or what one would be") {
  CHECK(test_request(Arguments(), "devices/d", "")->device() == "devices/d");
  const auto described =
      test_request(Arguments(Values{{"serial", {"7"}}, {"model", {"X"}}, {"location", {"p"}}, {"at", {"2026-11-24"}}}),
                   "", "manufacturers/m");
  REQUIRE(described);
  CHECK(described->manufacturer() == "manufacturers/m");
  CHECK(described->serial_number() == "7");
  CHECK(described->has_time());
  CHECK_FALSE(test_request(Arguments(), "", ""));
  CHECK_FALSE(test_request(Arguments(Values{{"at", {"noon"}}}), "devices/d", ""));
}
