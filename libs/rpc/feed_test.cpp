#include "libs/rpc/feed.h"

#include <catch2/catch.hpp>

#include <future>

#include "libs/rpc/echo_world_test.h"
#include "libs/rpc/follower.h"

using namespace pratique;
using namespace pratique::rpc;
using namespace std::chrono_literals;

namespace {

// A growing list of events, read page by page.
struct Story {
  std::mutex mutex;
  std::int64_t last = 0;

  Result<std::vector<api::EchoResponse>> pull(std::int64_t& cursor) {
    const std::scoped_lock lock(mutex);
    std::vector<api::EchoResponse> page;
    while (cursor < last && page.size() < 3) {
      page.emplace_back().set_cursor(++cursor);
      page.back().set_text("event " + std::to_string(cursor));
    }
    return page;
  }
  void tell(std::int64_t more) {
    const std::scoped_lock lock(mutex);
    last += more;
  }
};

struct Fixture : EchoWorld {
  Story story;
  Fixture() {
    behaviour.pull = [this](std::int64_t& cursor) { return story.pull(cursor); };
  }
  std::unique_ptr<grpc::ClientReader<api::EchoResponse>> watch(const Peer& peer, grpc::ClientContext& context,
                                                                std::int64_t cursor = 0) {
    peer.prepare(context, {.deadline = std::chrono::milliseconds::max()});
    api::WatchEchoesRequest request;
    request.set_cursor(cursor);
    return api::Echo::NewStub(peer.channel())->WatchEchoes(&context, request);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a feed sends what is there, and more when woken") {
  story.tell(7);
  start();
  const auto peer = connect(identity("service/registrar"));
  grpc::ClientContext context;
  const auto stream = watch(*peer, context, 2);
  api::EchoResponse event;
  for (std::int64_t expected = 3; expected <= 7; ++expected) {
    REQUIRE(stream->Read(&event));
    CHECK(event.cursor() == expected);
  }
  story.tell(2);
  server->wake_feeds();
  for (std::int64_t expected = 8; expected <= 9; ++expected) {
    REQUIRE(stream->Read(&event));
    CHECK(event.cursor() == expected);
  }
  context.TryCancel();
  CHECK_FALSE(stream->Read(&event));
  CHECK(stream->Finish().error_code() == grpc::StatusCode::CANCELLED);
}

TEST_CASE_METHOD(Fixture, "a feed that is not allowed, not openable or one too many is refused") {
  config.max_feeds = 1;
  start();
  const auto ends_with = [&](const Peer& peer, std::int64_t cursor) {
    grpc::ClientContext context;
    const auto stream = watch(peer, context, cursor);
    api::EchoResponse event;
    CHECK_FALSE(stream->Read(&event));
    return from_grpc_status(stream->Finish()).reason;
  };
  const auto peer = connect(identity("service/registrar"));
  CHECK(ends_with(*connect(identity("operator/ada")), 0) == "CALLER_NOT_ALLOWED");
  CHECK(ends_with(*peer, -1) == "CURSOR_INVALID");

  story.tell(1);
  grpc::ClientContext context;
  const auto stream = watch(*peer, context);
  api::EchoResponse event;
  REQUIRE(stream->Read(&event));
  CHECK(ends_with(*peer, 0) == "SERVER_BUSY");
  context.TryCancel();
  stream->Finish();
}

TEST_CASE_METHOD(Fixture, "a pull that fails or throws ends its feed with the reason") {
  start();
  const auto peer = connect(identity("service/registrar"));
  const auto reason = [&] {
    grpc::ClientContext context;
    const auto stream = watch(*peer, context);
    api::EchoResponse event;
    while (stream->Read(&event)) continue;
    return from_grpc_status(stream->Finish()).reason;
  };
  behaviour.pull = [](std::int64_t&) -> Result<std::vector<api::EchoResponse>> {
    return unavailable("DATABASE_DOWN", "the database does not answer");
  };
  CHECK(reason() == "DATABASE_DOWN");
  behaviour.pull = [](std::int64_t&) -> Result<std::vector<api::EchoResponse>> { throw std::runtime_error("x"); };
  CHECK(reason() == "HANDLER_FAILED");
}

TEST_CASE_METHOD(Fixture, "open feeds do not hold up a stop, and are told to come again") {
  story.tell(1);
  start();
  const auto peer = connect(identity("service/registrar"));
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<api::EchoResponse>>> streams;
  api::EchoResponse event;
  for (int i = 0; i < 5; ++i) {
    streams.push_back(watch(*peer, *contexts.emplace_back(std::make_unique<grpc::ClientContext>())));
    REQUIRE(streams.back()->Read(&event));
  }
  const auto begun = std::chrono::steady_clock::now();
  server->stop(30s);
  CHECK(std::chrono::steady_clock::now() - begun < 15s);
  for (const auto& stream : streams) {
    CHECK_FALSE(stream->Read(&event));
    CHECK(from_grpc_status(stream->Finish()).reason == "FEED_ENDED");
  }
}

TEST_CASE_METHOD(Fixture, "a client that vanishes frees its place") {
  config.max_feeds = 1;
  story.tell(1);
  start();
  api::EchoResponse event;
  for (int i = 0; i < 3; ++i) {
    const auto peer = connect(identity("service/registrar"));
    for (;;) {  // until the server has noticed that the one before is gone
      grpc::ClientContext context;
      const auto stream = watch(*peer, context);
      const bool served = stream->Read(&event);
      if (served) context.TryCancel();
      const auto status = stream->Finish();
      if (served) break;
      REQUIRE(from_grpc_status(status).reason == "SERVER_BUSY");
    }
  }
}

TEST_CASE_METHOD(Fixture, "a follower goes on from its cursor after a failure of its own and a restart of the server") {
  story.tell(4);
  start();
  const auto peer = connect(identity("service/registrar"));
  const auto stub = api::Echo::NewStub(peer->channel());
  std::int64_t stored = 0;
  bool failed_once = false;
  std::vector<std::int64_t> handled;
  std::promise<void> four, six;
  Follower<api::EchoResponse> follower(
      "echoes", *peer, log,
      [&](grpc::ClientContext& context) -> Result<Stream<api::EchoResponse>> {
        api::WatchEchoesRequest request;
        request.set_cursor(stored);
        return stub->WatchEchoes(&context, request);
      },
      [&](const api::EchoResponse& event) -> Result<void> {
        if (event.cursor() == 3 && !std::exchange(failed_once, true)) return unavailable("DATABASE_DOWN", "not now");
        handled.push_back(event.cursor());
        stored = event.cursor();
        if (stored == 4) four.set_value();
        if (stored == 6) six.set_value();
        return {};
      });
  REQUIRE(four.get_future().wait_for(20s) == std::future_status::ready);
  CHECK(logged("feed_interrupted") == 1);

  config.listen.port = server->port();
  server->stop(5s);
  server.reset();
  story.tell(2);
  start();
  REQUIRE(six.get_future().wait_for(30s) == std::future_status::ready);
  follower.stop();
  CHECK(handled == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE_METHOD(Fixture, "a follower is told why a connection ended before the next is begun") {
  story.tell(2);
  std::atomic<bool> behind = true;
  behaviour.pull = [&](std::int64_t& cursor) -> Result<std::vector<api::EchoResponse>> {
    if (cursor == 0 && behind) return Error{ErrorCode::out_of_range, "EVENT_CURSOR_TRIMMED", "gone"};
    return story.pull(cursor);
  };
  start();
  const auto peer = connect(identity("service/registrar"));
  const auto stub = api::Echo::NewStub(peer->channel());
  std::vector<std::string> told;
  bool done = false;
  std::promise<void> two;
  Follower<api::EchoResponse> follower(
      "echoes", *peer, log,
      [&](grpc::ClientContext& context) -> Result<Stream<api::EchoResponse>> {
        if (!told.empty()) behind = false;  // as whoever takes a full listing
        return stub->WatchEchoes(&context, {});
      },
      [&](const api::EchoResponse& event) -> Result<void> {
        if (event.cursor() == 2 && !std::exchange(done, true)) two.set_value();
        return {};
      },
      [&](const Error& why) {
        if (why.code == ErrorCode::out_of_range) told.push_back(why.reason);
      },
      {.first = 1ms, .longest = 2ms});
  REQUIRE(two.get_future().wait_for(30s) == std::future_status::ready);
  follower.stop();
  CHECK(told == std::vector<std::string>{"EVENT_CURSOR_TRIMMED"});
}
