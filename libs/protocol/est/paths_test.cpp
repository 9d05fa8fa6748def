#include "libs/protocol/est/paths.h"

#include <catch2/catch.hpp>

using namespace pratique::est;

TEST_CASE("paths lead to operations and back, labels included", "[protocol][est]") {
  for (const auto operation :
       {Operation::cacerts, Operation::csrattrs, Operation::simpleenroll, Operation::simplereenroll}) {
    CHECK(find_route(path_of(operation)) == Route{operation, ""});
    CHECK(find_route(path_of(operation, "factory-3")) == Route{operation, "factory-3"});
  }
  CHECK(path_of(Operation::simpleenroll) == "/.well-known/est/simpleenroll");
  CHECK(path_of(Operation::cacerts, "a.b") == "/.well-known/est/a.b/cacerts");
  CHECK(find_route("/.well-known/est/cacerts/") == Route{Operation::cacerts, ""});
  CHECK(method_of(Operation::csrattrs) == "GET");
  CHECK(method_of(Operation::simplereenroll) == "POST");
}

TEST_CASE("what is no path of EST leads nowhere", "[protocol][est]") {
  for (const std::string_view path :
       {"", "/", "/.well-known/est", "/.well-known/est/", "/.well-known/estcacerts", "/.well-known/est/csrattributes",
        "/.well-known/est/fullcmc", "/.well-known/est//cacerts", "/.well-known/est/a/b/cacerts",
        "/.well-known/est/../cacerts", "/.well-known/est/simpleenroll/cacerts", "/.well-known/est/serverkeygen/cacerts",
        "/.well-known/est/a%2fb/cacerts", "/.well-known/est/CACERTS", "/.well-known/brski/cacerts"}) {
    CAPTURE(path);
    CHECK_FALSE(find_route(path));
  }
  CHECK(is_valid_label(std::string(kMaxLabel, 'a')));
  CHECK_FALSE(is_valid_label(std::string(kMaxLabel + 1, 'a')));
  CHECK_FALSE(is_valid_label("a b"));
  CHECK_FALSE(is_valid_label(""));
}

TEST_CASE("media types compare without case and parameters", "[protocol][est]") {
  CHECK(is_media_type("application/pkcs10", kPkcs10));
  CHECK(is_media_type("Application/PKCS10 ; charset=x", kPkcs10));
  CHECK(is_media_type("application/pkcs7-mime; smime-type=certs-only", kPkcs7));
  CHECK(is_media_type("application/pkcs7-mime", kCertsOnly));
  CHECK_FALSE(is_media_type("application/pkcs10x", kPkcs10));
  CHECK_FALSE(is_media_type("", kPkcs10));
}
