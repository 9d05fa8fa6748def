// The CA that signs credentials is another one, and the registrar goes on.
#include <grpcpp/grpcpp.h>

#include <filesystem>

#include "libs/crypto/x509/certificate.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"
#include "tests/integration/registrar/running_registrar_test.h"

using namespace pratique;
namespace v1 = pratique::registrar::v1;

namespace {

struct House : RunningRegistrar {
  House() {
    start();
    auto made = pki::Installation::init(
        {.folder = other(), .trust_domain = "plant.example.com", .organization = "Plant"}, clock, random);
    REQUIRE(made);
  }
  std::filesystem::path other() const { return folder.path() / "other"; }
  /// Puts a file of the other installation in the place of this one's.
  void put(const std::string& from, const std::string& to) const {
    const auto place = keys() / "domain-ca" / to;
    std::filesystem::remove(place);
    std::filesystem::copy_file(other() / "domain-ca" / from, place);
    std::filesystem::permissions(place, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  std::vector<crypto::Certificate> chain_in(const std::filesystem::path& place) const {
    std::ifstream in(place / "domain-ca/issuing.crt");
    return *crypto::Certificate::parse_pem_bundle(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::vector<crypto::Certificate> chain_served() {
    const auto& vic = as("operators/vic");
    const auto stub = v1::Credentials::NewStub(vic.channel());
    const auto answer = vic.call(*stub, &v1::Credentials::Stub::GetAuthority, v1::GetAuthorityRequest{});
    REQUIRE(answer);
    std::vector<crypto::Certificate> out;
    for (const auto& der : answer->certificates()) out.push_back(*crypto::Certificate::parse_der(as_bytes(der)));
    return out;
  }
};

}  // namespace

TEST_CASE("a new issuing CA is taken while the registrar runs") {
  House house;
  const auto before = house.chain_served();
  CHECK(before == house.chain_in(house.keys()));
  const auto next = house.chain_in(house.other());
  REQUIRE(next != before);
  for (const std::string name : {"issuing.crt", "issuing.key", "issuing.pass"}) house.put(name, name);
  REQUIRE(house.program->says("certificates_taken"));
  CHECK(house.chain_served() == next);
  CHECK_FALSE(house.program->heard.contains("certificates_refused"));
}

TEST_CASE("a CA that cannot be used is not taken, and the registrar goes on with the old one") {
  House house;
  const auto before = house.chain_served();
  SECTION("a certificate without its key") { house.put("issuing.crt", "issuing.crt"); }
  SECTION("a file that is none") {
    std::ofstream(house.keys() / "domain-ca/issuing.crt", std::ios::trunc) << "hello";
  }
  SECTION("a root in place of the issuing CA's key") { house.put("root.key", "issuing.key"); }
  SECTION("a chain that leads nowhere") {
    const auto next = house.chain_in(house.other());
    for (const std::string name : {"issuing.key", "issuing.pass"}) house.put(name, name);
    std::ofstream(house.keys() / "domain-ca/issuing.crt", std::ios::trunc) << next.front().pem() << before.back().pem();
  }
  SECTION("a certificate that is no CA's") {
    const auto place = house.keys() / "services/registrar-1";
    for (const std::string end : {"crt", "key", "pass"})
      std::filesystem::copy_file(place / ("tls." + end), house.keys() / ("domain-ca/issuing." + end),
                                 std::filesystem::copy_options::overwrite_existing);
  }
  REQUIRE(house.program->says("certificates_refused"));
  CHECK(house.chain_served() == before);
  CHECK_FALSE(house.program->heard.contains("certificates_taken"));
}
