// A registrar for the device's tests, as small as can be: BRSKI and EST over real HTTPS on the loopback, with the
// voucher signed on the spot. What it does wrong, its test tells it.
#pragma once

#include <catch2/catch.hpp>

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "libs/net/https_server.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/registrar.h"
#include "libs/protocol/brski/status.h"
#include "libs/protocol/brski/telemetry.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/enroll.h"
#include "libs/protocol/est/paths.h"
#include "libs/protocol/voucher/signed_voucher.h"
#include "libs/runtime/worker_pool.h"
#include "tests/support/brski_world.h"
#include "tools/device/device.h"

namespace pratique::device::testing {

inline test::BrskiWorld& world() { return test::brski_world(); }

/// What it answers before it does the thing itself.
struct Planned {
  int status;
  std::string text = {};
  std::string retry_after = {};
};

class SmallRegistrar {
 public:
  struct Settings {
    std::size_t requests_per_connection = 1000;
    net::TlsVersions versions = net::TlsVersions::tls12_and_tls13;
  };
  SmallRegistrar() : SmallRegistrar(Settings{}) {}
  explicit SmallRegistrar(Settings settings) {
    net::HttpsServerConfig config;
    config.listen = {"127.0.0.1", 0};
    config.client_certificate = net::ClientCertificate::required;
    config.max_requests_per_connection = settings.requests_per_connection;
    config.versions = settings.versions;
    server_ = test::must(net::HttpsServer::start(config, identity_of(world().registrar, world().owner_ca), executor_,
                                                 [this](const auto& request, const auto& peer) {
                                                   const std::lock_guard lock(mutex_);
                                                   return answer(request, peer);
                                                 }));
  }
  net::Endpoint endpoint() const { return {"127.0.0.1", server_->port()}; }
  void become(const test::Identity& registrar, const test::Identity& authority) {
    REQUIRE(server_->replace_identity(identity_of(registrar, authority)));
  }

  // Set between the device's attempts, or by its waits.
  std::deque<Planned> voucher_answers, cacerts_answers, enrol_answers;
  std::function<void(voucher::Voucher&)> spoil;
  const test::Identity* masa = &world().masa;
  const test::Identity* issuer = &world().owner_ca;
  est::CsrAttrs attrs{.challenge_password = true, .keys = {est::key_request(crypto::KeyType::ec_p384)}};

  struct Report {
    std::string path;
    brski::StatusReport said;
    crypto::Certificate client;
  };
  std::vector<Bytes> voucher_requests;
  std::vector<Bytes> enrol_requests;
  std::vector<Verdict> enrol_verdicts;
  std::vector<Report> reports;
  std::vector<std::string> server_names;

 private:
  using Response = net::http::Response;

  static net::TlsIdentity identity_of(const test::Identity& registrar, const test::Identity& authority) {
    return test::must(net::TlsIdentity::make({registrar.certificate, authority.certificate}, registrar.key));
  }

  std::optional<Response> planned(std::deque<Planned>& answers) {
    if (answers.empty()) return std::nullopt;
    const auto next = answers.front();
    answers.pop_front();
    auto response = net::http::respond_text(next.status, next.text);
    if (!next.retry_after.empty()) response.headers.set("Retry-After", next.retry_after);
    return response;
  }

  Response answer(const net::http::Request& request, const net::PeerInfo& peer) {
    server_names.push_back(peer.server_name);
    if (request.path == brski::kRequestVoucherPath) {
      voucher_requests.push_back(request.body);
      if (auto first = planned(voucher_answers)) return *first;
      return give_voucher(request.body, peer);
    }
    if (request.path == brski::kVoucherStatusPath || request.path == brski::kEnrollStatusPath) {
      reports.push_back({request.path, test::must(brski::parse_status_report(request.body)), *peer.leaf()});
      return {.status = 200, .headers = {}, .body = {}};
    }
    const auto route = est::find_route(request.path);
    if (!route) return net::http::respond_text(404, "no such resource");
    switch (route->operation) {
      case est::Operation::cacerts:
        if (auto first = planned(cacerts_answers)) return *first;
        return net::http::respond(200, est::kCertsOnly,
                                  test::must(est::encode_certs(std::vector{world().owner_ca.certificate})));
      case est::Operation::csrattrs:
        return net::http::respond(200, est::kCsrAttrs, est::encode_body(test::must(est::encode_csrattrs(attrs))));
      default:
        enrol_requests.push_back(request.body);
        if (auto first = planned(enrol_answers)) return *first;
        return enrol(request, peer, route->operation == est::Operation::simplereenroll);
    }
  }

  Response give_voucher(ByteView body, const net::PeerInfo& peer) {
    const auto ours =
        std::vector{world().registrar.certificate, world().replica.certificate, world().stranger.certificate};
    const auto judged = brski::judge_pledge_request(body, peer.chain, ours, voucher::WireProfile::strict, world().now);
    if (!judged.verdict.accepted())
      return net::http::respond_text(brski::registrar_status(judged.verdict.first().code),
                                     brski::refusal_text(judged.verdict));
    voucher::Voucher content{.created_on = world().now,
                             .assertion = voucher::Assertion::proximity,
                             .serial_number = judged.facts->serial_number,
                             .nonce = judged.facts->nonce,
                             .pinned_domain_cert = world().owner_ca.certificate.der()};
    if (spoil) spoil(content);
    return net::http::respond(200, brski::kVoucherCmsJson,
                              test::must(voucher::sign_voucher(content, {masa->certificate, masa->key}, {},
                                                               voucher::WireProfile::strict, world().now)));
  }

  Response enrol(const net::http::Request& request, const net::PeerInfo& peer, bool renewal) {
    const auto csr = test::must(est::read_request(as_text(request.body)));
    const auto kind = peer.tls_version == "TLSv1.3" ? est::BindingKind::tls_exporter : est::BindingKind::tls_unique;
    const auto verdict = est::judge_enroll(csr, {.presented = *peer.leaf(),
                                                 .renewal = renewal,
                                                 .bindings = {{kind, peer.channel_binding}},
                                                 .binding_required = true,
                                                 .asked = attrs,
                                                 .renewal_may_keep_key = false});
    enrol_verdicts.push_back(verdict);
    if (!verdict.accepted()) return net::http::respond_text(400, verdict.first().code + ": refused");
    const crypto::CertificateProfile profile{.subject_der = csr.subject_der(),
                                             .not_before = world().from,
                                             .not_after = world().until,
                                             .key_usage = crypto::key_usage::kDigitalSignature,
                                             .ekus = {std::string(crypto::oid::kClientAuth)}};
    const auto made =
        test::must(crypto::issue_certificate(profile, csr.public_key(), issuer->certificate, issuer->key, random_));
    return net::http::respond(200, est::kCertsOnly, test::must(est::encode_certs(std::vector{made})));
  }

  crypto::SystemRandom random_;
  std::mutex mutex_;
  runtime::WorkerPool pool_{"registrar", {.threads = 2, .queue_limit = 32}};
  net::PoolExecutor<runtime::WorkerPool> executor_{pool_};
  std::unique_ptr<net::HttpsServer> server_;  // last: stops first
};

inline Manufactured manufactured(const test::Identity& device = world().device) {
  return {{device.certificate}, device.key, {world().masa.certificate}};
}

}  // namespace pratique::device::testing
