#include "libs/net/client_contexts.h"

#include <catch2/catch.hpp>

#include "libs/net/loopback_test.h"

using namespace pratique;
using namespace pratique::net;
using namespace pratique::net::loopback;

TEST_CASE("clients share a TLS context only with the same identity and trust", "[net][tls]") {
  Pki pki("Root");
  const auto issued = pki.issue("me");
  HttpsClientOptions options;
  options.anchors = {pki.root()};
  options.identity = must(TlsIdentity::make({issued.certificate}, issued.key));
  const auto first = must(client_context(options));
  CHECK(must(client_context(options)) == first);

  auto same = options;  // what does not stand in the context
  same.identity = must(TlsIdentity::make({issued.certificate}, issued.key));
  same.server.host = "other.example.com";
  same.verify_name = "name.example.com";
  same.max_response_bytes = 1;
  CHECK(must(client_context(same)) == first);

  const auto differs = [&](auto change) {
    auto other = options;
    change(other);
    return must(client_context(other)) != first;
  };
  CHECK(differs([](auto& other) { other.identity.reset(); }));
  CHECK(differs([&](auto& other) { other.identity = pki.identity("another"); }));
  const auto with_root = must(TlsIdentity::make({issued.certificate, pki.root()}, issued.key));
  CHECK(differs([&](auto& other) { other.identity = with_root; }));
  CHECK(differs([](auto& other) { other.anchors = {Pki("Root").root()}; }));
  CHECK(differs([](auto& other) { other.anchors.push_back(Pki("Root").root()); }));
  CHECK(differs([](auto& other) { other.system_anchors = true; }));
  CHECK(differs([](auto& other) { other.versions = TlsVersions::tls13_only; }));
  CHECK(differs([](auto& other) { other.verification = ServerVerification::record_only; }));
  // An anchor is not a certificate that we show.
  CHECK(differs([&](auto& other) {
    other.anchors.push_back(issued.certificate);
    other.identity.reset();
  }));
}

TEST_CASE("the contexts that are kept are few", "[net][tls]") {
  HttpsClientOptions options;
  options.verification = ServerVerification::record_only;
  const auto first = must(client_context(options));
  Pki pki("Root");
  for (std::size_t i = 0; i <= kMaxSharedContexts; ++i) {
    auto other = options;
    other.identity = pki.identity("client " + std::to_string(i));
    must(client_context(other));
  }
  CHECK(must(client_context(options)) != first);
}
