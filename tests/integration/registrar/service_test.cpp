// What crosses the rooms of the registrar, seen from outside.
#include <grpcpp/grpcpp.h>

#include "pratique/registrar/v1/audit.grpc.pb.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"
#include "pratique/registrar/v1/event.grpc.pb.h"
#include "pratique/registrar/v1/manufacturer.grpc.pb.h"
#include "tests/integration/registrar/running_registrar_test.h"

using namespace pratique;
namespace v1 = pratique::registrar::v1;

namespace {

struct House : RunningRegistrar {
  House() { start(); }

  v1::Manufacturer create(const std::string& name, const std::string& request_id = "") {
    v1::CreateManufacturerRequest request;
    request.mutable_manufacturer()->set_display_name(name);
    request.mutable_manufacturer()->set_wire_profile(v1::WIRE_PROFILE_STRICT);
    request.set_request_id(request_id);
    const auto& ada = as("operators/ada");
    const auto stub = v1::Manufacturers::NewStub(ada.channel());
    auto answer = ada.call(*stub, &v1::Manufacturers::Stub::CreateManufacturer, request);
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *answer;
  }
  v1::VerifyAuditResponse verify(const v1::VerifyAuditRequest& request = {}) {
    const auto& vic = as("operators/vic");
    const auto stub = v1::Audit::NewStub(vic.channel());
    auto answer = vic.call(*stub, &v1::Audit::Stub::VerifyAudit, request);
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *answer;
  }
};

struct Watch {
  Watch(House& house, const std::string& after)
      : peer(house.as("services/onboarding-1")), stub(v1::Events::NewStub(peer.channel())) {
    peer.prepare(context, {.deadline = std::chrono::milliseconds::max()});
    v1::WatchEventsRequest request;
    request.set_after_cursor(after);
    stream = stub->WatchEvents(&context, request);
  }
  pratique::common::v1::Event next() {
    pratique::common::v1::Event event;
    REQUIRE(stream->Read(&event));
    return event;
  }
  const rpc::Peer& peer;
  std::unique_ptr<v1::Events::Stub> stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<pratique::common::v1::Event>> stream;
};

}  // namespace

TEST_CASE("a change is told to whoever watches, at once, and again from a cursor after a crash") {
  House house;  // feeds are woken by the database: the poll is an hour
  std::string cursor;
  {
    Watch watch(house, "");
    house.create("Example Lamps");
    const auto first = watch.next();
    CHECK(first.subject().starts_with("manufacturers/"));
    cursor = first.cursor();
    house.create("Example Cameras");
    CHECK(watch.next().subject() != first.subject());
    watch.context.TryCancel();
  }
  house.program->signal(SIGKILL);
  CHECK(house.program->exit_code() == -SIGKILL);
  house.start();
  Watch again(house, cursor);
  CHECK(again.next().subject().starts_with("manufacturers/"));
  house.create("Example Doors");
  CHECK(again.next().subject().starts_with("manufacturers/"));
  again.context.TryCancel();
}

TEST_CASE("a stop ends the streams and loses nothing") {
  House house;
  Watch watch(house, "now");
  house.create("Example Lamps");
  (void)watch.next();
  house.program->signal(SIGTERM);
  pratique::common::v1::Event event;
  CHECK_FALSE(watch.stream->Read(&event));
  CHECK(watch.stream->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(house.program->exit_code() == 0);
  house.start();
  CHECK(house.verify().intact());
  CHECK(house.verify().entries() == 1);
}

TEST_CASE("a repeated request is done once, across a crash") {
  House house;
  const std::string request_id = "0b3f3a52-5f0e-4f7e-9d8e-1d2f4c5b6a70";
  const auto first = house.create("Example Lamps", request_id);
  house.program->signal(SIGKILL);
  (void)house.program->exit_code();
  house.start();
  CHECK(house.create("Example Lamps", request_id).name() == first.name());
  CHECK(house.verify().entries() == 1);
}

TEST_CASE("the audit log is proven over the API, and what was cut off is found by a head that was kept") {
  House house;
  house.create("Example Lamps");
  house.create("Example Cameras");
  const auto whole = house.verify();
  CHECK(whole.intact());
  CHECK(whole.entries() == 2);
  house.database.execute(
      "SET search_path TO registrar; ALTER TABLE audit_entry DISABLE TRIGGER ALL; ALTER TABLE audit_head DISABLE "
      "TRIGGER ALL;"
      "DELETE FROM audit_entry WHERE sequence = 2;"
      "UPDATE audit_head SET sequence = 1, hash = (SELECT hash FROM audit_entry WHERE sequence = 1)");
  CHECK(house.verify().intact());
  v1::VerifyAuditRequest request;
  request.set_known_sequence(2);
  request.set_known_hash(whole.head_hash());
  const auto cut = house.verify(request);
  CHECK_FALSE(cut.intact());
  CHECK(cut.broken_sequence() == 2);
}

TEST_CASE("the audit log is proven behind a head that was proven before") {
  House house;
  house.create("Example Lamps");
  const auto before = house.verify();
  house.create("Example Cameras");
  v1::VerifyAuditRequest request;
  request.set_allow_partial(true);
  request.set_after_sequence(before.entries());
  request.set_after_hash(before.head_hash());
  const auto now = house.verify(request);
  CHECK(now.intact());
  CHECK_FALSE(now.partial());
  CHECK(now.entries() == 2);
  CHECK(now.log_entries() == 2);
  CHECK(now.head_hash() == house.verify().head_hash());

  auto wrong = request;
  wrong.set_after_hash(now.head_hash());  // of another entry
  CHECK(house.verify(wrong).broken_sequence() == 2);
  const auto& vic = house.as("operators/vic");
  const auto stub = v1::Audit::NewStub(vic.channel());
  const auto refused = [&](const v1::VerifyAuditRequest& question) {
    const auto answer = vic.call(*stub, &v1::Audit::Stub::VerifyAudit, question);
    return !answer && answer.error().reason == "FIELD_INVALID";
  };
  CHECK_FALSE(refused(request));
  wrong = request;
  wrong.set_after_hash("abc");
  CHECK(refused(wrong));
  wrong = request;
  wrong.clear_after_sequence();
  CHECK(refused(wrong));
  wrong = request;
  wrong.set_after_sequence(-1);
  CHECK(refused(wrong));
  wrong = request;
  wrong.set_after_sequence(2);
  wrong.set_known_sequence(1);  // nobody would look at it
  wrong.set_known_hash(before.head_hash());
  CHECK(refused(wrong));
}

TEST_CASE("audit entries and credentials are listed over the API, a page at a time") {
  House house;
  for (int i = 0; i < 5; ++i) house.create("Example " + std::to_string(i));
  const auto& vic = house.as("operators/vic");
  const auto stub = v1::Audit::NewStub(vic.channel());
  v1::ListAuditEntriesRequest request;
  request.set_page_size(2);
  std::vector<std::int64_t> seen;
  do {
    const auto page = vic.call(*stub, &v1::Audit::Stub::ListAuditEntries, request);
    REQUIRE(page);
    for (const auto& entry : page->entries()) {
      seen.push_back(entry.sequence());
      CHECK(entry.actor() == "operator/ada");
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(seen == std::vector<std::int64_t>{5, 4, 3, 2, 1});
  request.set_page_token("nonsense");
  CHECK(vic.call(*stub, &v1::Audit::Stub::ListAuditEntries, request).error().reason == "PAGE_TOKEN_INVALID");

  const auto credentials = v1::Credentials::NewStub(vic.channel());
  CHECK(vic.call(*credentials, &v1::Credentials::Stub::ListCredentials, v1::ListCredentialsRequest{})
            ->credentials()
            .empty());
  const auto authority = vic.call(*credentials, &v1::Credentials::Stub::GetAuthority, v1::GetAuthorityRequest{});
  REQUIRE(authority);
  CHECK(authority->certificates_size() == 2);  // issuing CA, then the root
}

TEST_CASE("a configuration is checked without being run, and names what is wrong") {
  RunningRegistrar registrar;
  std::string heard;
  CHECK(registrar.run({"--check-config"}, heard) == 0);
  SECTION("an unknown setting") {
    registrar.write_config("colour: red\n");
    CHECK(registrar.run({"--check-config"}, heard) == 1);
    CHECK(heard.contains("colour"));
  }
  SECTION("a credential profile that cannot be") {
    registrar.write_config("credential_profiles: {camera: {common_name: '{mac}', key_types: [P-256, DSA]}}\n");
    CHECK(registrar.run({"--check-config"}, heard) == 1);
    CHECK(heard.contains("{mac}"));
    CHECK(heard.contains("DSA"));
  }
  SECTION("a time after which too much would be forgotten") {
    registrar.write_config("retention: {strangers: 23h, onboardings: 24h, credentials: 0h}\n");
    CHECK(registrar.run({"--check-config"}, heard) == 1);
    CHECK(heard.contains("retention.strangers"));
    CHECK_FALSE(heard.contains("retention.onboardings"));
    CHECK_FALSE(heard.contains("retention.credentials"));
  }
  SECTION("a CA key that is not the CA's") {
    std::filesystem::copy_file(registrar.keys() / "domain-ca/root.key", registrar.keys() / "domain-ca/issuing.key",
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(registrar.run({"--check-config"}, heard) == 1);
    CHECK(heard.contains("issuing.key"));
  }
  SECTION("a secret that others may read") {
    std::filesystem::permissions(registrar.keys() / "secrets/master.keys", std::filesystem::perms(0644));
    CHECK(registrar.run({"--check-config"}, heard) == 1);
    CHECK(heard.contains("master.keys"));
  }
}

TEST_CASE("the schema is migrated and sealed values are wrapped anew by command") {
  RunningRegistrar registrar;
  std::string heard;
  CHECK(registrar.run({"--rewrap"}, heard) == 1);  // nothing is there yet
  CHECK(heard.contains("registrar: "));
  CHECK(registrar.run({"--migrate"}, heard) == 0);
  CHECK(heard.contains("applied 0001_requests_and_outbox"));
  CHECK(registrar.run({"--migrate"}, heard) == 0);
  CHECK_FALSE(heard.contains("applied"));
  CHECK(registrar.run({"--rewrap"}, heard) == 0);
  CHECK(heard.contains("wrapped 0 of 0"));
  CHECK(registrar.run({"--print-catalogue"}, heard) == 0);
  CHECK(heard.contains("CREDENTIAL_PENDING"));
}
