#include "libs/rpc/server.h"

#include <catch2/catch.hpp>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <future>
#include <latch>
#include <set>
#include <stdexcept>
#include <thread>

#include "libs/rpc/echo_world_test.h"
#include "libs/rpc/trace.h"
#include "libs/rpc/version.h"
#include "libs/runtime/build_version.h"

using namespace pratique;
using namespace pratique::rpc;
using namespace std::chrono_literals;

TEST_CASE_METHOD(EchoWorld, "a call is answered over mutual TLS and the handler knows the caller") {
  start();
  const auto peer = connect(identity("service/registrar"));
  const obs::TraceScope trace("0af7651916cd43dd8448eb211c80319c");
  const auto answer = get(*peer, "ahoy");
  INFO((answer ? "" : answer.error().message));
  REQUIRE(answer);
  CHECK(answer->text() == "ahoy");
  CHECK(answer->caller() == "service/registrar");
  CHECK(answer->trace() == "0af7651916cd43dd8448eb211c80319c");
  CHECK(get(*connect(identity("operator/vera")))->caller() == "operator/vera");
  CHECK(metrics.text().contains(
      "pratique_rpc_server_calls_total{code=\"OK\",method=\"/pratique.echo.v1.Echo/GetEcho\"} 2"));
  CHECK(metrics.text().contains("pratique_rpc_client_calls_total{code=\"OK\",peer=\"echo\"} 2"));
  CHECK(logged("\"event\":\"rpc_answered\",\"trace\":\"0af7651916cd43dd8448eb211c80319c\"") == 2);
}

TEST_CASE_METHOD(EchoWorld, "who may not call is refused before the handler") {
  std::atomic<int> reached = 0;
  behaviour.answer = [&](const CallContext&, const api::EchoRequest&) -> Result<api::EchoResponse> {
    ++reached;
    return api::EchoResponse();
  };
  start();
  const auto refused = [](const Result<api::EchoResponse>& answer, std::string_view reason) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::permission_denied);
    CHECK(answer.error().reason == reason);
  };
  refused(get(*connect(identity("service/inventory"))), "CALLER_NOT_ALLOWED");
  refused(get(*connect(identity("operator/nobody"))), "CALLER_NOT_ALLOWED");
  refused(change(*connect(identity("operator/vera"))), "CALLER_NOT_ALLOWED");  // a viewer changes nothing
  refused(change(*connect(identity("service/registrar"))), "CALLER_NOT_ALLOWED");
  refused(get(*connect(identity("device/7"))), "CALLER_UNKNOWN");
  CHECK(reached == 0);
  CHECK(change(*connect(identity("operator/otto"))));
  CHECK(change(*connect(identity("operator/ada"))));
  CHECK(reached == 2);
}

TEST_CASE_METHOD(EchoWorld, "an identity of another trust domain is unknown") {
  start();
  const auto files =
      authority.issue(scratch.path() / "foreign", {"spiffe://example.net/service/registrar"}, "x", authority);
  Identity foreign(files, clock, log);
  const auto answer = get(*connect(foreign));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().reason == "CALLER_UNKNOWN");
}

TEST_CASE_METHOD(EchoWorld, "without a certificate that the server trusts there is no call") {
  start();
  SECTION("no certificate") {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = authority.certificate().pem();
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    const auto channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server->port()),
                                                   grpc::SslCredentials(options), arguments);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 10s);
    api::EchoResponse response;
    const auto status = api::Echo::NewStub(channel)->GetEcho(&context, {}, &response);
    CHECK(status.error_code() == grpc::StatusCode::UNAVAILABLE);
    const auto error = from_grpc_status(status);
    CHECK(error.reason == "PEER_UNAVAILABLE");
    INFO(error.message);
    CHECK(error.message.contains("certificate"));
    CHECK(logged("rpc_library_error") > 0);
  }
  SECTION("a certificate of another authority") {
    Authority other("Other Authority");
    const auto answer = get(*connect(identity("service/registrar", &other)));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
  }
}

TEST_CASE_METHOD(EchoWorld, "a client takes only the service that it asked for") {
  start();
  auto& registrar = identity("service/registrar");
  SECTION("another service's certificate") {
    const auto answer = get(*connect(registrar, "network"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
    INFO(answer.error().message);
    CHECK(answer.error().message.contains("expected spiffe://example.com/service/network"));
  }
  SECTION("a server of another authority") {
    Authority other("Other Authority");
    Identity deceived(other.issue(scratch.path() / "deceived", {uri("service/registrar")}, "x", other), clock, log);
    const auto answer = get(*connect(deceived));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
  }
}

TEST_CASE_METHOD(EchoWorld, "a server with an unlisted method does not start") {
  CHECK_THROWS_WITH(start({{"/pratique.echo.v1.Echo/GetEcho", {any_service()}}}),
                    Catch::Contains("ChangeEcho has no line in the access table"));
}

TEST_CASE_METHOD(EchoWorld, "an address in use is an error") {
  const Access kAny{{"/pratique.echo.v1.Echo/GetEcho", {any_service()}}};
  start();
  config.listen.port = server->port();
  Server second(config, "echo", kAny, identity("service/echo").tls, {log, metrics, health});
  const auto started = second.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().reason == "RPC_ADDRESS_UNUSABLE");
}

TEST_CASE_METHOD(EchoWorld, "a message beyond the limit is refused") {
  config.max_message = {1024};
  start();
  const auto peer = connect(identity("service/registrar"));
  CHECK(get(*peer, std::string(900, 'x')));
  const auto answer = get(*peer, std::string(1100, 'x'));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::resource_exhausted);
}

TEST_CASE_METHOD(EchoWorld, "a full queue answers at once") {
  config.workers = {.threads = 1, .queue_limit = 1};
  std::latch running(1), go(1);
  behaviour.answer = [&](const CallContext&, const api::EchoRequest& request) -> Result<api::EchoResponse> {
    if (request.text() == "first") {
      running.count_down();
      go.wait();
    }
    return api::EchoResponse();
  };
  start();
  const auto peer = connect(identity("service/registrar"));
  const auto stub = api::Echo::NewStub(peer->channel());
  // Two calls under way: one on the worker, one in the queue; the third finds it full. Which of the last two comes first
  // is the library's to say: the one that is answered while the worker is busy is the one that was refused.
  struct Pending {
    explicit Pending(std::string text) {
      request.set_text(std::move(text));
      context.set_deadline(std::chrono::system_clock::now() + 20s);
    }
    grpc::ClientContext context;
    api::EchoRequest request;
    api::EchoResponse response;
    std::promise<grpc::Status> done;
  };
  Pending first("first"), second("second"), third("third");
  std::latch answered(1);
  std::atomic<bool> was_answered = false;
  const auto send = [&](Pending& call) {
    stub->async()->GetEcho(&call.context, &call.request, &call.response, [&](grpc::Status status) {
      if (!was_answered.exchange(true)) answered.count_down();
      call.done.set_value(std::move(status));  // last: the test may end with it
    });
  };
  send(first);
  running.wait();
  send(second);
  send(third);
  answered.wait();
  go.count_down();
  CHECK(first.done.get_future().get().ok());
  const auto second_status = second.done.get_future().get(), third_status = third.done.get_future().get();
  CHECK(second_status.ok() != third_status.ok());
  const auto refused = from_grpc_status(second_status.ok() ? third_status : second_status);
  CHECK(refused.code == ErrorCode::resource_exhausted);
  CHECK(refused.reason == "SERVER_BUSY");
}

TEST_CASE_METHOD(EchoWorld, "a deadline reaches the handler, and is capped") {
  config.default_deadline = 20s;
  config.max_deadline = 30s;
  std::chrono::milliseconds left{};
  behaviour.answer = [&](const CallContext& call, const api::EchoRequest&) -> Result<api::EchoResponse> {
    left = call.left();
    return api::EchoResponse();
  };
  start();
  const auto peer = connect(identity("service/registrar"));
  REQUIRE(get(*peer, "", {.deadline = 10s}));
  CHECK((left > 5s && left <= 10s));
  REQUIRE(get(*peer, "", {.deadline = 1h}));
  CHECK((left > 25s && left <= 30s));
  REQUIRE(get(*peer, "", {.deadline = std::chrono::milliseconds::max()}));
  CHECK((left > 15s && left <= 20s));
}

TEST_CASE_METHOD(EchoWorld, "a client that waits no longer sees its deadline, and the handler sees it gone") {
  std::latch seen(1);
  behaviour.answer = [&](const CallContext& call, const api::EchoRequest&) -> Result<api::EchoResponse> {
    while (!call.cancelled()) std::this_thread::yield();
    seen.count_down();
    return api::EchoResponse();
  };
  start();
  const auto answer = get(*connect(identity("service/registrar")), "", {.deadline = 300ms});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::deadline_exceeded);
  seen.wait();
}

TEST_CASE_METHOD(EchoWorld, "an error travels whole") {
  behaviour.answer = [](const CallContext&, const api::EchoRequest&) -> Result<api::EchoResponse> {
    return Error{ErrorCode::failed_precondition, "DEVICE_REVOKED", "the device is revoked", {{"serial", "00-D0"}}};
  };
  start();
  const auto answer = get(*connect(identity("service/registrar")));
  REQUIRE_FALSE(answer);
  const auto& error = answer.error();
  CHECK(error.code == ErrorCode::failed_precondition);
  CHECK(error.reason == "DEVICE_REVOKED");
  CHECK(error.message == "echo: the device is revoked");
  CHECK(error.evidence ==
        std::vector<std::pair<std::string, std::string>>{{"serial", "00-D0"}, {"peer_domain", "echo.pratique"}});
}

TEST_CASE_METHOD(EchoWorld, "a handler that throws is our defect, told once and without its words") {
  behaviour.answer = [](const CallContext&, const api::EchoRequest&) -> Result<api::EchoResponse> {
    throw std::runtime_error("password is 12345");
  };
  start();
  const auto answer = get(*connect(identity("service/registrar")));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::internal);
  CHECK(answer.error().reason == "HANDLER_FAILED");
  CHECK_FALSE(answer.error().message.contains("12345"));
  CHECK(logged("rpc_handler_failed") == 1);
}

TEST_CASE_METHOD(EchoWorld, "a replaced certificate is served to new connections, a bad one is not") {
  start();
  auto& mine = identity("service/echo");
  const auto served = [&] {
    const auto peer = connect(identity("service/registrar"));
    grpc::ClientContext context;
    api::EchoResponse response;
    REQUIRE(api::Echo::NewStub(peer->channel())->GetEcho(&context, {}, &response).ok());
    const auto auth = context.auth_context();
    const auto pem = auth->FindPropertyValues("x509_pem_cert").at(0);
    return std::string(pem.data(), pem.size());
  };
  const auto before = served();
  authority.issue(folder_of("service/echo"), {uri("service/echo")}, "renewed", authority);
  REQUIRE(mine.files->look());
  const auto give_up = std::chrono::steady_clock::now() + 30s;
  auto now = served();
  while (now == before && std::chrono::steady_clock::now() < give_up) now = served();
  CHECK(now != before);
  CHECK(must(crypto::Certificate::parse_pem(now)).common_name() == "renewed");

  std::ofstream(folder_of("service/echo") / "key.pem", std::ios::trunc) << "rubbish";
  CHECK_FALSE(mine.files->look());
  CHECK(served() == now);
}

TEST_CASE_METHOD(EchoWorld, "a channel keeps the memory files of its identity, and the last one to go empties them") {
  // gRPC reads them now and then from a thread of its own, and would read whatever follows under a number that is closed.
  const auto called = [](const std::string& name) {
    std::set<std::filesystem::path> found;
    for (const auto& open : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      if (std::filesystem::read_symlink(open, gone).native().contains(name)) found.insert(open.path());
    }
    return found;
  };
  const auto memory_files = [&] { return called("pratique-tls").size(); };
  start();
  const auto others = called("pratique-tls");
  const auto before = others.size();
  const auto files = authority.issue(scratch.path() / "brief", {uri("service/registrar")}, "brief", authority);
  auto brief = std::make_unique<Identity>(files, clock, log);
  auto mine = called("pratique-tls");
  for (const auto& other : others) mine.erase(other);
  REQUIRE(mine.size() == 2);
  auto peer = connect(*brief);
  REQUIRE(get(*peer));
  auto channel = peer->channel();
  peer.reset();
  brief.reset();
  CHECK(memory_files() == before + 2);
  {
    grpc::ClientContext context;  // holds the channel, too
    api::EchoResponse response;
    CHECK(api::Echo::NewStub(channel)->GetEcho(&context, {}, &response).ok());
  }
  channel.reset();
  // The library lets go of it in its own time.
  const auto give_up = std::chrono::steady_clock::now() + 30s;
  while (memory_files() != before && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  CHECK(memory_files() == before);
  for (const auto& path : mine) {
    CHECK(called("pratique-ended").contains(path));
    CHECK(std::filesystem::is_empty(path));
  }
}

TEST_CASE_METHOD(EchoWorld, "a key that is encrypted at rest serves") {
  const auto files = authority.issue(scratch.path() / "sealed", {uri("service/registrar")}, "sealed", authority);
  const auto key = must(crypto::SoftwareKey::parse_plaintext(must(files.key.load())));
  auto sealed = files;
  sealed.key_passphrase.path = scratch.path() / "passphrase";
  const auto write = [](const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::trunc) << text;
    REQUIRE(chmod(file.c_str(), 0600) == 0);
  };
  write(sealed.key.path, must(key.save_encrypted(Secret("open sesame"), {.pbkdf2_iterations = 100'000})));
  write(sealed.key_passphrase.path, "open sesame\n");
  Identity identity_of_registrar(sealed, clock, log);
  start();
  CHECK(get(*connect(identity_of_registrar)));
}

TEST_CASE_METHOD(EchoWorld, "what repeats harmlessly is tried again, and nothing else") {
  std::atomic<int> calls = 0;
  behaviour.answer = [&](const CallContext&, const api::EchoRequest&) -> Result<api::EchoResponse> {
    if (++calls < 3) return unavailable("DATABASE_DOWN", "not now");
    return api::EchoResponse();
  };
  start();
  CHECK(get(*connect(identity("service/registrar"))));
  CHECK(calls == 3);
  calls = 0;
  const auto once = change(*connect(identity("operator/ada")));
  REQUIRE_FALSE(once);
  CHECK(once.error().reason == "DATABASE_DOWN");
  CHECK(calls == 1);
}

TEST_CASE_METHOD(EchoWorld, "calls go round all replicas") {
  start();
  obs::Health second_health;
  Behaviour second_behaviour;
  std::atomic<bool> reached = false;
  second_behaviour.answer = [&](const CallContext&, const api::EchoRequest&) -> Result<api::EchoResponse> {
    reached = true;
    return api::EchoResponse();
  };
  Server second(config, "echo",
                {{"/pratique.echo.v1.Echo/GetEcho", {any_service()}},
                 {"/pratique.echo.v1.Echo/ChangeEcho", {}},
                 {"/pratique.echo.v1.Echo/WatchEchoes", {}}},
                identity("service/echo").tls, {log, metrics, second_health});
  second.add<api::Echo>(std::make_unique<EchoApi>(second, second_behaviour));
  REQUIRE(second.start());
  const auto peer = must(Peer::connect(
      {.service = "echo", .addresses = {{"127.0.0.1", server->port()}, {"127.0.0.1", second.port()}}},
      {"pratique.echo.v1.Echo"}, *identity("service/registrar").tls, kTrustDomain, metrics));
  bool first = false;
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (!(first && reached) && std::chrono::steady_clock::now() < give_up) {
    const auto answer = get(*peer, "first");
    REQUIRE(answer);
    first = first || answer->text() == "first";
  }
  CHECK(first);
  CHECK(reached);
  // One of them goes: the other answers on.
  server->stop(5s);
  CHECK(get(*peer));
  CHECK(get(*peer));
}

namespace {

// grpc.health.v1.Health as a client of another making sees it. HealthCheckRequest is one text in field 1, and
// HealthCheckResponse one enumeration in field 1 (1 serving, 2 not); these messages of ours have the same form.
struct HealthClient {
  explicit HealthClient(const Peer& peer) : stub(peer.channel()) {}

  static api::EchoRequest about(const std::string& service) {
    api::EchoRequest request;
    request.set_text(service);
    return request;
  }
  /// 0 where the server knows no such service.
  std::int64_t check(const std::string& service) {
    grpc::ClientContext context;
    const auto request = about(service);
    api::WatchEchoesRequest response;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    const auto status = done.get_future().get();
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) return 0;
    REQUIRE(status.ok());
    CHECK(version_of(context) == runtime::build_version());
    return response.cursor();
  }

  grpc::TemplatedGenericStub<api::EchoRequest, api::WatchEchoesRequest> stub;
};

// Health/Watch: what comes, one by one.
class HealthWatch {
 public:
  HealthWatch(HealthClient& client, const std::string& service) {
    context_.set_deadline(std::chrono::system_clock::now() + 20s);
    stream_ = client.stub.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    stream_->StartCall(this);
    step();
    stream_->WriteLast(HealthClient::about(service), {}, this);
    step();
  }
  ~HealthWatch() {
    context_.TryCancel();
    grpc::Status status;
    stream_->Finish(&status, this);
    void* tag = nullptr;
    bool good = false;
    (void)queue_.Next(&tag, &good);
  }
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

  std::int64_t next() {
    api::WatchEchoesRequest response;
    stream_->Read(&response, this);
    step();
    return response.cursor();
  }

 private:
  void step() {
    void* tag = nullptr;
    bool good = false;
    REQUIRE(queue_.Next(&tag, &good));
    REQUIRE(good);
  }
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<api::EchoRequest, api::WatchEchoesRequest>> stream_;
};

}  // namespace

TEST_CASE_METHOD(EchoWorld, "the health service of gRPC says what readiness is, of the server and of each API") {
  std::atomic<bool> database = true;
  health.add_check("database", [&]() -> Result<void> {
    if (database) return {};
    return unavailable("DATABASE_DOWN", "does not answer");
  });
  start();
  const auto peer = connect(identity("service/registrar"));
  HealthClient client(*peer);
  HealthWatch whole(client, ""), echo(client, "pratique.echo.v1.Echo");
  const auto all_say = [&](std::int64_t status) {
    CHECK(client.check("") == status);
    CHECK(client.check("pratique.echo.v1.Echo") == status);
    CHECK(whole.next() == status);
    CHECK(echo.next() == status);
  };
  all_say(1);
  database = false;
  CHECK_FALSE(health.ready());  // as /readyz and the service's own looks do
  all_say(2);
  database = true;
  CHECK(health.ready());
  all_say(1);
  health.set_serving(false);
  all_say(2);
  CHECK(client.check("pratique.echo.v1.Ekko") == 0);
}

TEST_CASE_METHOD(EchoWorld, "every answer says which build gave it, a refusal too") {
  start();
  const auto version_in_answer = [&](const std::string& who, grpc::StatusCode expected) {
    const auto peer = connect(identity(who));
    grpc::ClientContext context;
    api::EchoResponse response;
    const auto status = api::Echo::NewStub(peer->channel())->GetEcho(&context, {}, &response);
    CHECK(status.error_code() == expected);
    return version_of(context);
  };
  CHECK(version_in_answer("service/registrar", grpc::StatusCode::OK) == runtime::build_version());
  CHECK(version_in_answer("operator/nobody", grpc::StatusCode::PERMISSION_DENIED) == runtime::build_version());
}

TEST_CASE_METHOD(EchoWorld, "calls in flight finish before the stop") {
  std::latch running(1), go(1);
  behaviour.answer = [&](const CallContext&, const api::EchoRequest&) -> Result<api::EchoResponse> {
    running.count_down();
    go.wait();
    return api::EchoResponse();
  };
  start();
  const auto peer = connect(identity("service/registrar"));
  auto answer = std::async(std::launch::async, [&] { return get(*peer); });
  running.wait();
  auto stopped = std::async(std::launch::async, [&] { server->stop(20s); });
  go.count_down();
  CHECK(answer.get());
  stopped.get();
  const auto late = get(*peer);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::unavailable);
}

TEST_CASE("traces are taken over when they are well formed") {
  CHECK(trace_of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") == "0af7651916cd43dd8448eb211c80319c");
  CHECK(trace_of(traceparent_for("0af7651916cd43dd8448eb211c80319c")) == "0af7651916cd43dd8448eb211c80319c");
  for (const auto* bad : {"", "00-", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                          "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                          "00-0af7651916cd43dd8448eb211c80319c\nb7ad6b7169203331-01-x"}) {
    const auto fresh = trace_of(bad);
    CHECK(fresh.size() == 32);
    CHECK(fresh != "0af7651916cd43dd8448eb211c80319c");
    CHECK(fresh != trace_of(bad));
  }
}

TEST_CASE("the room's catalogue is sound") {
  const auto sound = EchoWorld::catalogue_of("echo").check();
  INFO((sound ? "" : sound.error().message));
  CHECK(sound);
}
