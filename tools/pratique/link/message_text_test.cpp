#include <catch2/catch.hpp>

#include <pratique/onboarding/v1/session.pb.h>
#include <pratique/registrar/v1/device.pb.h>

#include <limits>

#include "libs/rpc/timestamp.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/link/pages.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::registrar::v1;
namespace onboarding_v1 = pratique::onboarding::v1;

TEST_CASE("what a service sends as a time and is none does not hurt") {
  google::protobuf::Timestamp none;
  none.set_seconds(std::numeric_limits<std::int64_t>::max());
  CHECK(time_of(none) == Timestamp());
}

TEST_CASE("values of enumerations are words, there and back") {
  CHECK(word_of(v1::DEVICE_STATE_ADMITTED) == "admitted");
  CHECK(word_of(v1::DEVICE_STATE_UNSPECIFIED).empty());
  CHECK(word_of(onboarding_v1::SESSION_STATE_AWAITING_MASA) == "awaiting-masa");
  CHECK(value_of<v1::DeviceState>("quarantined") == v1::DEVICE_STATE_QUARANTINED);
  CHECK(value_of<v1::DeviceState>("gone") == v1::DEVICE_STATE_UNSPECIFIED);
  CHECK(value_of<v1::DeviceState>("unspecified") == v1::DEVICE_STATE_UNSPECIFIED);
  CHECK(word_of(static_cast<v1::DeviceState>(99)) == "99");  // of a newer service
  const auto words = words_of<v1::DeviceState>();
  CHECK(words.front() == "expected");
  for (const auto& word : words) CHECK(word_of(value_of<v1::DeviceState>(word)) == word);
}

TEST_CASE("JSON has lowerCamelCase names and every plain field") {
  v1::Device device;
  device.set_name("devices/x");
  device.set_serial_number("7");
  device.set_state(v1::DEVICE_STATE_ADMITTED);
  *device.mutable_create_time() = rpc::write_time(*parse_rfc3339("2026-11-24T07:30:00Z"));
  for (const char* key : {"room", "floor", "wing"}) (*device.mutable_labels())[key] = "2";
  const auto text = json_of(device);
  REQUIRE(text);
  CHECK(text->contains(R"("serialNumber":"7")"));
  CHECK(text->contains(R"("state":"DEVICE_STATE_ADMITTED")"));
  CHECK(text->contains(R"("createTime":"2026-11-24T07:30:00Z")"));
  CHECK(text->contains(R"("labels":{"floor":"2","room":"2","wing":"2"})"));
  CHECK(text->contains(R"("location":"")"));
  CHECK_FALSE(text->contains("lastSeenTime"));  // unset is not a time
  CHECK_FALSE(text->contains("\n"));
}

TEST_CASE("the elements of any list are counted") {
  v1::ListDevicesResponse page;
  CHECK(count_elements(page) == 0);
  page.add_devices();
  page.add_devices();
  CHECK(count_elements(page) == 2);
}

TEST_CASE("a limit is a whole number; 200 where none is typed, 0 for all") {
  CHECK(*limit_of(Arguments()) == 200);
  CHECK(*limit_of(Arguments(Arguments::Values{{"limit", {"0"}}})) == 0);
  CHECK_FALSE(limit_of(Arguments(Arguments::Values{{"limit", {"-1"}}})));
  CHECK_FALSE(limit_of(Arguments(Arguments::Values{{"limit", {"all"}}})));
}
