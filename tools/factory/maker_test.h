// A manufacturer for the tests of this room: made in a folder of its own, with one device and a MASA on the loopback.
// The owner is that of tests/support/brski_world.h.
#pragma once

#include <catch2/catch.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "libs/net/https_client.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/registrar.h"
#include "tests/support/brski_world.h"
#include "tests/support/scratch_folder.h"
#include "tools/factory/factory.h"
#include "tools/factory/masa_server.h"

namespace pratique::factory::testing {

using test::must;
inline test::BrskiWorld& world() { return test::brski_world(); }
inline constexpr const char* kSerial = "00-D0-E5-F2-00-02";

inline Settings settings_in(const ScratchFolder& scratch) {
  return {.folder = scratch.path() / "maker", .name = "Example Devices", .masa = {"masa.example.com", 9443}};
}

/// Made once a process, then copied: each key that is made costs the time of its passphrase.
inline const ScratchFolder& finished_maker() {
  static const ScratchFolder scratch;
  static const bool made = [] {
    crypto::SystemRandom random;
    FixedClock clock{world().now};
    return Factory::init(settings_in(scratch), clock, random).has_value();
  }();
  REQUIRE(made);
  return scratch;
}

struct Maker {
  Maker() : factory(copy()), made(must(factory.manufacture({.serial = kSerial, .model = "Sensor 7"}))) {}

  ScratchFolder scratch;
  crypto::SystemRandom random;
  FixedClock clock{world().now};
  Factory factory;
  device::Manufactured made;

  Settings settings() const { return settings_in(scratch); }
  std::vector<crypto::Certificate> anchor(const char* name) const {
    return must(crypto::Certificate::parse_pem_bundle(must(pki::Folder(factory.anchors_folder()).get(name))));
  }

  /// What a registrar of the owner asks after it met the device.
  struct Asked {
    brski::PledgeRequest pledge;
    Bytes body;
  };
  Asked ask(const test::Identity& registrar = world().registrar) { return ask(made, registrar); }
  Asked ask(const device::Manufactured& device, const test::Identity& registrar = world().registrar) {
    auto pledge = must(brski::build_pledge_request({device.idevid(), device.key, std::span(device.chain).subspan(1)},
                                                   registrar.certificate, random, clock.now()));
    const auto ours = std::vector{registrar.certificate};
    auto judged =
        brski::judge_pledge_request(pledge.body, device.chain, ours, voucher::WireProfile::strict, clock.now());
    REQUIRE(judged.verdict.accepted());
    const auto authority =
        std::vector{registrar.certificate == world().stranger.certificate ? world().stranger_ca.certificate
                                                                          : world().owner_ca.certificate};
    auto body = must(brski::build_registrar_request(*judged.facts, {registrar.certificate, registrar.key}, authority,
                                                    {}, voucher::WireProfile::strict, clock.now()));
    return {std::move(pledge), std::move(body)};
  }
  /// What the device thinks of the answer, as codes; "accepted".
  std::string opinion(const Asked& asked, ByteView voucher) const { return opinion(made, asked, voucher); }
  std::string opinion(const device::Manufactured& device, const Asked& asked, ByteView voucher) const {
    const auto verdict = brski::judge_voucher_as_pledge(voucher, device.voucher_anchors, device.idevid(),
                                                        asked.pledge.nonce, world().owner_chain(), clock.now())
                             .verdict;
    std::string out;
    for (const auto& finding : verdict.findings()) out += (out.empty() ? "" : " ") + finding.code;
    return verdict.accepted() ? "accepted" : out;
  }

 private:
  Factory copy() {
    std::filesystem::copy(finished_maker().path(), scratch.path(), std::filesystem::copy_options::recursive);
    return must(Factory::open(settings().folder, clock, random));
  }
};

/// A MASA that runs, and a client that verifies it.
class Running {
 public:
  explicit Running(Maker& maker, MasaConfig config = {}, std::string_view misdeeds = "")
      : Running(maker, must(maker.factory.masa_keys()), std::move(config), misdeeds) {}

  std::vector<std::string> lines;

  Result<net::http::Response> send(net::HttpCall call) {
    net::HttpsClientOptions options;
    options.server = must(net::parse_url("https://masa.example.com:9443/"));
    options.connect_to = net::Endpoint{"127.0.0.1", server_->port()};
    options.anchors = maker_.anchor("masa-tls.pem");
    options.verification_time = maker_.clock.now();
    return net::HttpsClient(std::move(options)).send(call);
  }
  net::http::Response post(std::string_view path, ByteView body, std::string_view accept) {
    net::HttpCall call;
    call.method = "POST";
    call.target = path;
    call.headers = {{"Content-Type", std::string(brski::kVoucherCmsJson)}, {"Accept", std::string(accept)}};
    call.body = to_bytes(body);
    return must(send(std::move(call)));
  }
  net::http::Response voucher(ByteView body) { return post(brski::kRequestVoucherPath, body, brski::kVoucherCmsJson); }
  net::http::Response audit_log(ByteView body) { return post(brski::kRequestAuditLogPath, body, brski::kJson); }
  /// "404 RVR_DEVICE_UNKNOWN".
  std::string refusal(ByteView body) {
    const auto response = voucher(body);
    const auto text = to_string(ByteView(response.body));
    return std::to_string(response.status) + " " + text.substr(0, text.find(':'));
  }

 private:
  Running(Maker& maker, MasaKeys keys, MasaConfig config, std::string_view misdeeds)
      : maker_(maker),
        masa_(keys, maker.factory.devices(), maker.factory.audit_folder(), std::move(config),
              must(Mischief::make(must(parse_misdeeds(misdeeds)), maker.clock, maker.random)), maker.clock,
              maker.random, [this](std::string_view line) { lines.emplace_back(line); }),
        server_(must(MasaServer::start(masa_, {"127.0.0.1", 0}, keys.server))) {}

  Maker& maker_;
  Masa masa_;
  std::unique_ptr<MasaServer> server_;
};

}  // namespace pratique::factory::testing
