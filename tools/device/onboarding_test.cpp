#include "tools/device/onboarding.h"

#include <catch2/catch.hpp>

#include "tests/support/scratch_folder.h"
#include "tools/device/small_registrar_test.h"

using namespace pratique;
using namespace pratique::device;
using namespace pratique::device::testing;
using namespace std::chrono_literals;

namespace {

struct Field {
  crypto::SystemRandom random;
  FixedClock clock{world().now};
  std::vector<std::chrono::milliseconds> waits;
  std::function<void()> meanwhile;

  OnboardOptions at(std::vector<net::Endpoint> registrars, std::chrono::milliseconds timeout = 1h) {
    OnboardOptions options;
    options.registrars = std::move(registrars);
    options.timeout = timeout;
    options.clock = &clock;
    options.wait = [this](std::chrono::milliseconds duration) {
      waits.push_back(duration);
      if (meanwhile) meanwhile();
    };
    return options;
  }
};

std::string codes(const OnboardReport& report) {
  std::string out(to_string(report.outcome));
  for (const auto& code : report.codes) out += " " + code;
  return out;
}

int times(const OnboardReport& report, std::string_view name, std::string_view outcome) {
  return static_cast<int>(std::ranges::count_if(
      report.steps, [&](const Step& step) { return step.name == name && step.outcome == outcome; }));
}

}  // namespace

TEST_CASE("device: joins a network that its maker vouches for, and renews", "[tool][device]") {
  const auto versions = GENERATE(net::TlsVersions::tls12_only, net::TlsVersions::tls13_only);
  const std::size_t per_connection = GENERATE(1000, 1);  // 1: every request on a connection of its own
  SmallRegistrar registrar({.requests_per_connection = per_connection, .versions = versions});
  Field field;
  Device device(manufactured(), field.random);
  const auto report = onboard(device, field.at({registrar.endpoint()}));
  REQUIRE(codes(report) == "done");
  CHECK(report.serial == "00-D0-E5-F2-00-02");
  for (const char* step : {"connect", "request", "voucher", "voucher_status", "cacerts", "csrattrs", "key", "enrol",
                           "verify", "enrollstatus"})
    CHECK(report.find(step) != nullptr);
  if (per_connection > 1) CHECK(times(report, "connect", "connected") == 1);
  CHECK(registrar.voucher_requests.size() == 1);
  for (const auto& name : registrar.server_names) CHECK(name.empty());

  const auto credential = *test::must(device.credential());
  CHECK(credential.ldevid().public_key().algorithm() == crypto::KeyAlgorithm::ec_p384);
  CHECK(credential.domain_anchors == std::vector{world().owner_ca.certificate});
  CHECK_FALSE(credential.voucher.empty());
  CHECK_FALSE(test::must(device.progress()));
  REQUIRE(registrar.reports.size() == 2);
  CHECK(registrar.reports[0].path == brski::kVoucherStatusPath);
  CHECK(registrar.reports[0].said.status);
  CHECK(registrar.reports[0].client == world().device.certificate);
  CHECK(registrar.reports[1].said.status);
  CHECK(registrar.reports[1].client == credential.ldevid());

  CHECK(codes(onboard(device, field.at({registrar.endpoint()}))) == "failed ALREADY_ONBOARDED");

  const auto renewed = renew(device, field.at({}));
  REQUIRE(codes(renewed) == "done");
  const auto next = *test::must(device.credential());
  CHECK_FALSE(next.ldevid().public_key() == credential.ldevid().public_key());
  CHECK(next.ldevid().subject_der() == credential.ldevid().subject_der());
  // To a server of another domain nothing is sent.
  registrar.become(world().stranger, world().stranger_ca);
  const auto sent = registrar.enrol_requests.size();
  CHECK(renew(device, field.at({})).outcome == Outcome::failed);
  CHECK(registrar.enrol_requests.size() == sent);
}

TEST_CASE("device: refuses a network that no good voucher names", "[tool][device]") {
  struct Bad {
    const char* code;
    std::function<void(SmallRegistrar&)> spoil;
  };
  const auto content = [](std::function<void(voucher::Voucher&)> change) {
    return [change = std::move(change)](SmallRegistrar& registrar) { registrar.spoil = change; };
  };
  const auto bad = GENERATE_COPY(values<Bad>({
      {"VOUCHER_SIGNER_UNKNOWN", [](SmallRegistrar& registrar) { registrar.masa = &world().impostor; }},
      {"VOUCHER_PINNED_CERT_MISMATCH",
       content([](auto& made) { made.pinned_domain_cert = world().stranger_ca.certificate.der(); })},
      {"VOUCHER_PINNED_CERT_MISSING", content([](auto& made) { made.pinned_domain_cert.reset(); })},
      {"VOUCHER_SERIAL_MISMATCH", content([](auto& made) { made.serial_number = "00-D0-E5-F2-00-03"; })},
      {"VOUCHER_NONCE_MISMATCH",
       content([](auto& made) { made.nonce = *voucher::Nonce::parse("AAAAAAAAAAAAAAAAAAAAAA=="); })},
      {"VOUCHER_NONCE_MISSING", content([](auto& made) { made.nonce.reset(); })},
      {"VOUCHER_EXPIRED", content([](auto& made) { made.expires_on = world().now - 1h; })},
  }));
  SmallRegistrar registrar;
  bad.spoil(registrar);
  Field field;
  Device device(manufactured(), field.random);
  const auto report = onboard(device, field.at({registrar.endpoint()}));
  INFO(bad.code);
  CHECK(report.outcome == Outcome::refuses_network);
  REQUIRE_FALSE(report.codes.empty());
  CHECK(report.codes.front() == bad.code);
  REQUIRE(registrar.reports.size() == 1);
  CHECK(registrar.reports[0].path == brski::kVoucherStatusPath);
  CHECK_FALSE(registrar.reports[0].said.status);
  CHECK_THAT(registrar.reports[0].said.reason, Catch::StartsWith(bad.code));
  CHECK(registrar.enrol_requests.empty());
  CHECK_FALSE(test::must(device.progress()));  // the nonce is used up
  // The same device is not spoilt for a good network.
  SmallRegistrar good;
  CHECK(codes(onboard(device, field.at({registrar.endpoint(), good.endpoint()}))) == "done");
}

TEST_CASE("device: a certificate of another CA is refused, and said so on the old connection", "[tool][device]") {
  SmallRegistrar registrar;
  registrar.issuer = &world().stranger_ca;
  Field field;
  Device device(manufactured(), field.random);
  const auto report = onboard(device, field.at({registrar.endpoint()}));
  CHECK(report.outcome == Outcome::refuses_network);
  CHECK(report.find("verify")->outcome == "refused");
  REQUIRE(registrar.reports.size() == 2);
  CHECK(registrar.reports[1].path == brski::kEnrollStatusPath);
  CHECK_FALSE(registrar.reports[1].said.status);
  CHECK(registrar.reports[1].client == world().device.certificate);
  CHECK_FALSE(test::must(device.credential()));
}

TEST_CASE("device: waits as it is told and sends the same bytes again", "[tool][device]") {
  SmallRegistrar registrar;
  registrar.voucher_answers = {{202, "come again", "7"}, {503, "busy", "2"}, {202, "come again", "3600"}};
  registrar.enrol_answers = {{202, "come again", "30"}};
  Field field;
  Device device(manufactured(), field.random);
  const auto report = onboard(device, field.at({registrar.endpoint()}));
  REQUIRE(codes(report) == "done");
  CHECK(field.waits == std::vector<std::chrono::milliseconds>{7s, 2s, 60s, 30s});
  REQUIRE(registrar.voucher_requests.size() == 4);
  for (const auto& request : registrar.voucher_requests) CHECK(request == registrar.voucher_requests.front());
  REQUIRE(registrar.enrol_requests.size() == 2);
  CHECK(registrar.enrol_requests[0] == registrar.enrol_requests[1]);
  CHECK(times(report, "voucher", "waiting") == 2);
}

TEST_CASE("device: gives up in time", "[tool][device]") {
  SmallRegistrar registrar;
  registrar.voucher_answers.assign(100, {202, "come again", "10"});
  Field field;
  Device device(manufactured(), field.random);
  const auto report = onboard(device, field.at({registrar.endpoint()}, 35s));
  CHECK(codes(report) == "timed_out TIMED_OUT");
  CHECK(field.waits.size() == 3);
}

TEST_CASE("device: says what the network said when it is refused", "[tool][device]") {
  SmallRegistrar registrar;
  registrar.voucher_answers = {{403, "DEVICE_NOT_EXPECTED: nobody expects this device"}, {404, "\x1b[2Jgo away"}};
  Field field;
  Device device(manufactured(), field.random);
  const auto report = onboard(device, field.at({registrar.endpoint()}));
  CHECK(codes(report) == "refused_by_network DEVICE_NOT_EXPECTED");
  CHECK(report.text == "nobody expects this device");
  CHECK(exit_code(report.outcome) == 3);
  const auto rude = onboard(device, field.at({registrar.endpoint()}));
  // The request of the first attempt may be used up, so a fresh one was tried as well, and got through.
  CHECK(codes(rude) == "done");
  CHECK(times(rude, "voucher", "refused") == 1);
  CHECK(printable("\x1b[2Jgo away\r\n") == "?[2Jgo away");
}

TEST_CASE("device: an unreachable registrar is a failure, and the next one is tried", "[tool][device]") {
  std::uint16_t closed = 0;
  {
    SmallRegistrar gone;
    closed = gone.endpoint().port;
  }
  SmallRegistrar registrar;
  Field field;
  Device device(manufactured(), field.random);
  CHECK(codes(onboard(device, field.at({{"127.0.0.1", closed}}))) == "failed REGISTRAR_UNREACHABLE");
  CHECK(codes(onboard(device, field.at({}))) == "failed REGISTRAR_UNKNOWN");
  CHECK(codes(onboard(device, field.at({{"127.0.0.1", closed}, registrar.endpoint()}))) == "done");
}

TEST_CASE("device: a restart in the middle goes on where it was", "[tool][device]") {
  ScratchFolder folder;
  Field field;
  REQUIRE(put_manufactured(folder.path(), manufactured(), field.random));
  const auto after_power_loss = [&] { return test::must(Device::load(folder.path(), field.random)); };
  SmallRegistrar registrar;
  registrar.voucher_answers = {{202, "come again", "60"}};
  registrar.cacerts_answers = {{403, "NOT_YET: later"}};
  {
    auto device = after_power_loss();
    CHECK(onboard(device, field.at({registrar.endpoint()}, 30s)).outcome == Outcome::timed_out);
  }
  {  // The same bytes, on another connection.
    auto device = after_power_loss();
    const auto report = onboard(device, field.at({registrar.endpoint()}));
    CHECK(codes(report) == "refused_by_network NOT_YET");
    CHECK(report.find("request") == nullptr);
    REQUIRE(registrar.voucher_requests.size() == 2);
    CHECK(registrar.voucher_requests[0] == registrar.voucher_requests[1]);
  }
  {  // The voucher is there already, and the same server answers.
    auto device = after_power_loss();
    const auto report = onboard(device, field.at({registrar.endpoint()}));
    CHECK(codes(report) == "done");
    CHECK(times(report, "voucher", "kept") == 1);
    CHECK(registrar.voucher_requests.size() == 2);
  }
  auto device = after_power_loss();
  CHECK(test::must(device.credential())->ldevid().subject_serial_number() == "00-D0-E5-F2-00-02");
  REQUIRE(device.wipe());
  CHECK_FALSE(std::filesystem::exists(folder.path() / "state"));
  CHECK_FALSE(test::must(after_power_loss().credential()));
}

TEST_CASE("device: another server gets another request; the voucher's own domain is kept", "[tool][device]") {
  ScratchFolder folder;
  Field field;
  REQUIRE(put_manufactured(folder.path(), manufactured(), field.random));
  auto device = test::must(Device::load(folder.path(), field.random));
  SmallRegistrar registrar({.requests_per_connection = 1});
  SECTION("before the voucher") {
    registrar.voucher_answers = {{202, "come again", "5"}};
    field.meanwhile = [&] { registrar.become(world().replica, world().owner_ca); };
    CHECK(codes(onboard(device, field.at({registrar.endpoint()}))) == "done");
    REQUIRE(registrar.voucher_requests.size() == 2);
    CHECK_FALSE(registrar.voucher_requests[0] == registrar.voucher_requests[1]);
  }
  registrar.cacerts_answers = {{403, "NOT_YET: later"}};
  SECTION("after the voucher, a replica under the CA that it pins") {
    CHECK(codes(onboard(device, field.at({registrar.endpoint()}))) == "refused_by_network NOT_YET");
    registrar.become(world().replica, world().owner_ca);
    CHECK(codes(onboard(device, field.at({registrar.endpoint()}))) == "done");
    CHECK(registrar.voucher_requests.size() == 1);
  }
  SECTION("after the voucher, a stranger") {
    CHECK(codes(onboard(device, field.at({registrar.endpoint()}))) == "refused_by_network NOT_YET");
    registrar.become(world().stranger, world().stranger_ca);
    const auto report = onboard(device, field.at({registrar.endpoint()}));
    CHECK(codes(report) == "refuses_network VOUCHER_PINNED_CERT_MISMATCH");
    CHECK(times(report, "voucher", "dropped") == 1);
    CHECK(registrar.voucher_requests.size() == 2);
    CHECK(registrar.enrol_requests.empty());
  }
}

TEST_CASE("device: without a clock nonces do", "[tool][device]") {
  SmallRegistrar registrar;
  Field field;
  Device device(manufactured(), field.random);
  auto options = field.at({registrar.endpoint()});
  options.clock = nullptr;
  CHECK(codes(onboard(device, options)) == "done");
}
