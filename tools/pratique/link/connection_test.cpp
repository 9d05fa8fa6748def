#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pratique/network/v1/event.pb.h>
#include <pratique/network/v1/session.pb.h>
#include <pratique/registrar/v1/device.pb.h>
#include <pratique/registrar/v1/event.pb.h>

#include <fstream>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"
#include "tests/support/scratch_folder.h"
#include "tools/pratique/link/connection.h"
#include "tools/pratique/link/diagnosis.h"
#include "tools/pratique/link/failure.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::registrar::v1;

namespace {

// A bound port of this machine: with `listening`, connections come about and nobody ever speaks.
class Port {
 public:
  explicit Port(bool listening) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    if (listening) REQUIRE(listen(fd_, 16) == 0);
    address = {"127.0.0.1", ntohs(at.sin_port)};
  }
  ~Port() { close(fd_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  runtime::Address address;

 private:
  int fd_;
};

// An operator's identity in a folder, as an installation has it.
struct Operator {
  Operator() {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
    const auto key = crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    REQUIRE(key);
    crypto::CertificateProfile profile;
    profile.subject = {.common_name = "ada"};
    profile.alt_names.uri = {"spiffe://plant.example.com/operator/ada"};
    profile.not_before = now - std::chrono::hours(1);
    profile.not_after = now + std::chrono::hours(1);
    const auto certificate = crypto::issue_self_signed(profile, *key, random);
    REQUIRE(certificate);
    put("tls.crt", certificate->pem());
    put("ca.crt", certificate->pem());
    put("tls.key", as_text(key->plaintext_pem()->reveal()));
    std::filesystem::permissions(folder.path() / "tls.key", std::filesystem::perms::owner_read);
  }
  void put(const char* name, std::string_view text) const { std::ofstream(folder.path() / name) << text; }

  Settings settings(const runtime::Address& registrar) const {
    return {.registrar = {registrar},
            .identity = {folder.path() / "tls.crt", {folder.path() / "tls.key"}, {}, folder.path() / "ca.crt"},
            .timeout = std::chrono::milliseconds(1500)};
  }

  SystemClock clock;
  crypto::SystemRandom random;
  ScratchFolder folder;
};

Error refused(Api& api) {
  const auto result = api.call<v1::Device>(v1::GetDeviceRequest());
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("what is missing for a connection is named with all ways to set it") {
  const SystemClock clock;
  Api api({}, clock);
  const auto error = refused(api);
  CHECK(error.reason == "CONNECTION_INCOMPLETE");
  CHECK(exit_code_of(error) == exit_code::kUsage);
  CHECK(remedy_of(error).contains("--registrar"));
  CHECK(remedy_of(error).contains("PRATIQUE_REGISTRAR"));

  // The same name of a request in another API leads to the other service.
  const auto network = api.call<network::v1::Session>(network::v1::GetSessionRequest());
  REQUIRE_FALSE(network);
  CHECK(remedy_of(network.error()).contains("PRATIQUE_NETWORK"));
  common::v1::Event event;
  const auto events = api.watch(network::v1::WatchEventsRequest(), event, [] { return true; });
  REQUIRE_FALSE(events);
  CHECK(remedy_of(events.error()).contains("PRATIQUE_NETWORK"));

  Api nobody({.registrar = {runtime::Address{"127.0.0.1", 1}}}, clock);
  CHECK(remedy_of(refused(nobody)).contains("--identity"));
  CHECK_FALSE(nobody.self());
}

TEST_CASE("who we are stands in our certificate") {
  const Operator ada;
  Api api(ada.settings({"127.0.0.1", 1}), ada.clock);
  const auto self = api.self();
  REQUIRE(self);
  CHECK(self->text == "operator/ada");
  CHECK(self->not_after > ada.clock.now());
}

TEST_CASE("a port on which nobody listens is told as such") {
  const Operator ada;
  const Port closed(false);
  Api api(ada.settings(closed.address), ada.clock);
  const auto error = refused(api);
  CHECK(exit_code_of(error) == exit_code::kUnavailable);
  CHECK(error.evidence.front() == std::pair<std::string, std::string>("address", closed.address.text()));
  CHECK(remedy_of(error).starts_with("nothing listens at 127.0.0.1:"));
}

TEST_CASE("a listener that does not speak our TLS is told with what to check") {
  const Operator ada;
  const Port mute(true);
  Api api(ada.settings(mute.address), ada.clock);
  const auto error = refused(api);
  CHECK(exit_code_of(error) == exit_code::kUnavailable);
  CHECK(remedy_of(error).contains("spiffe://plant.example.com/service/registrar"));
  CHECK(remedy_of(error).contains("ca.crt"));
}

TEST_CASE("no method is made up") {
  const SystemClock clock;
  Api api({}, clock);
  const auto wrong = api.call<v1::ListDevicesResponse>(v1::GetDeviceRequest());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().reason == "METHOD_UNKNOWN");
  v1::Device device;
  CHECK(api.watch(v1::WatchEventsRequest(), device, [] { return true; }).error().reason == "METHOD_UNKNOWN");
}

TEST_CASE("one plain connection tells a closed port, a listener and a name that is none apart") {
  using namespace std::chrono_literals;
  const Port open(true), closed(false);
  CHECK(reach(open.address, 5s) == Reach::connected);
  CHECK(reach(closed.address, 5s) == Reach::refused);
  CHECK(reach({"no-such-host.invalid", 1}, 5s) == Reach::unknown_host);
}

TEST_CASE("a service's own UNAVAILABLE is not taken for silence") {
  CHECK(never_answered(unavailable("PEER_UNAVAILABLE", "Socket closed")));
  CHECK_FALSE(never_answered(unavailable("DATABASE_UNAVAILABLE", "x").with("peer_domain", "registrar.pratique")));
  CHECK_FALSE(never_answered(not_found("X", "x")));
}
