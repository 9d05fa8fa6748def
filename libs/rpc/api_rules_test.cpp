#include <catch2/catch.hpp>
#include <pratique/echo/v1/echo.pb.h>

#include <limits>

#include "libs/base/base64.h"
#include "libs/rpc/access.h"
#include "libs/rpc/caller.h"
#include "libs/rpc/client.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "libs/rpc/page_token.h"
#include "libs/rpc/request_id.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/rpc/timestamp.h"
#include "libs/runtime/config_reader.h"

using namespace pratique;
using namespace pratique::rpc;

TEST_CASE("page tokens open only where they were made") {
  const PageTokens tokens(Secret("0123456789abcdef0123456789abcdef"));
  const PageTokens others(Secret("another key, another installation"));
  const std::string last("key\0\xff with anything", 19);
  const auto token = tokens.seal("ListDevices", "state=1", last);
  CHECK(*tokens.open("ListDevices", "state=1", token) == last);

  const auto refused = [&](const PageTokens& by, std::string_view scope, std::string_view filter,
                           std::string_view text) {
    const auto opened = by.open(scope, filter, text);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().reason == "PAGE_TOKEN_INVALID");
    CHECK(opened.error().code == ErrorCode::invalid_argument);
  };
  refused(tokens, "ListDevices", "state=2", token);
  refused(tokens, "ListVouchers", "state=1", token);
  refused(tokens, "ListDevicesstate", "=1", token);
  refused(others, "ListDevices", "state=1", token);
  refused(tokens, "ListDevices", "state=1", "");
  refused(tokens, "ListDevices", "state=1", "AAAA");
  refused(tokens, "ListDevices", "state=1", "not base64!");
  refused(tokens, "ListDevices", "state=1", std::string(kMaxPageToken + 1, 'A'));
  const auto raw = *base64_decode_lenient(token);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto altered = raw;
    altered[i] ^= 1;
    refused(tokens, "ListDevices", "state=1", base64url_encode(altered));
  }
  refused(tokens, "ListDevices", "state=1", base64url_encode(ByteView(raw).first(raw.size() - 1)));
}

TEST_CASE("page sizes are capped") {
  const PageTokens tokens(Secret("0123456789abcdef0123456789abcdef"));
  CHECK(parse_page(tokens, "L", "", 0, "")->size == kDefaultPageSize);
  CHECK(parse_page(tokens, "L", "", 7, "")->size == 7);
  CHECK(parse_page(tokens, "L", "", 1'000'000, "")->size == kMaxPageSize);
  CHECK(parse_page(tokens, "L", "", -1, "").error().reason == "PAGE_SIZE_INVALID");
  CHECK(parse_page(tokens, "L", "", 1, tokens.seal("L", "", "k"))->after == "k");
}

TEST_CASE("request ids are UUIDs") {
  CHECK(**parse_request_id("0193E2C0-0000-7000-8000-000000000001") == "0193e2c0-0000-7000-8000-000000000001");
  CHECK_FALSE(*parse_request_id(""));
  CHECK(parse_request_id("7").error().reason == "REQUEST_ID_INVALID");
  CHECK(require_request_id("").error().reason == "REQUEST_ID_MISSING");
}

TEST_CASE("etags tell one state from another") {
  const auto one = make_etag("devices/1", 1);
  CHECK(one == make_etag("devices/1", 1));
  CHECK(one != make_etag("devices/1", 2));
  CHECK(one != make_etag("devices/11", 1));
  CHECK(check_etag("", one));
  CHECK(check_etag(one, one));
  CHECK(check_etag(make_etag("devices/1", 2), one).error().code == ErrorCode::aborted);
}

TEST_CASE("an update touches what its mask names and no more") {
  using echo::v1::Thing;
  const auto make = [](std::string_view name, std::string_view title, std::string_view colour) {
    Thing thing;
    thing.set_name(std::string(name));
    thing.set_title(std::string(title));
    if (!colour.empty()) thing.mutable_part()->set_colour(std::string(colour));
    return thing;
  };
  auto target = make("things/1", "old", "red");
  target.mutable_part()->set_size(3);
  target.add_tags("a");
  auto source = make("things/2", "new", "blue");
  source.add_tags("b");
  source.add_tags("c");
  google::protobuf::FieldMask mask;
  const auto apply = [&] { return apply_update_mask(mask, source, {"title", "part", "tags"}, target); };

  SECTION("one field") {
    mask.add_paths("title");
    REQUIRE(apply());
    CHECK(target.title() == "new");
    CHECK(target.part().colour() == "red");
    CHECK(target.tags_size() == 1);
  }
  SECTION("a field below") {
    mask.add_paths("part.colour");
    REQUIRE(apply());
    CHECK(target.part().colour() == "blue");
    CHECK(target.part().size() == 3);
  }
  SECTION("a whole message replaces, a list replaces") {
    mask.add_paths("part");
    mask.add_paths("tags");
    REQUIRE(apply());
    CHECK_FALSE(target.part().has_size());
    CHECK(target.tags_size() == 2);
    CHECK(target.title() == "old");
  }
  SECTION("what is named and unset is cleared") {
    source.clear_part();
    source.clear_title();
    mask.add_paths("part.size");
    mask.add_paths("title");
    REQUIRE(apply());
    CHECK_FALSE(target.part().has_size());
    CHECK(target.part().colour() == "red");
    CHECK(target.title().empty());
  }
  SECTION("no mask: what is set") {
    source.clear_title();
    REQUIRE(apply());
    CHECK(target.title() == "old");
    CHECK(target.part().colour() == "blue");
    CHECK(target.name() == "things/1");
  }
  SECTION("a star: everything that may be") {
    source.clear_title();
    mask.add_paths("*");
    REQUIRE(apply());
    CHECK(target.title().empty());
    CHECK(target.name() == "things/1");
  }
  SECTION("refused, and nothing is changed") {
    for (const auto* path : {"name", "no_such_field", "part.no_such_field", "", "titl", "title.x", "*"}) {
      mask.Clear();
      mask.add_paths("title");
      mask.add_paths(path);
      const auto outcome = apply();
      REQUIRE_FALSE(outcome);
      CHECK(outcome.error().reason == "UPDATE_MASK_INVALID");
      CHECK(target.title() == "old");
    }
  }
}

TEST_CASE("callers are known by one SPIFFE identity of our domain") {
  const TrustConfig trust{"example.com", {{"jo@example.com", Role::operator_}}};
  const auto who = [&](std::vector<std::string> uris) { return identify(uris, trust); };
  CHECK(who({"spiffe://example.com/service/registrar"}).text() == "service/registrar");
  CHECK(who({"https://example.com/", "spiffe://example.com/service/registrar"}).text() == "service/registrar");
  const auto jo = who({"spiffe://example.com/operator/jo@example.com"});
  CHECK(jo.text() == "operator/jo@example.com");
  CHECK(jo.role == Role::operator_);
  CHECK(who({"spiffe://example.com/operator/sam"}).role == Role::none);
  for (const auto& uris : std::vector<std::vector<std::string>>{
           {},
           {"spiffe://example.net/service/registrar"},
           {"spiffe://example.com.example.net/service/registrar"},
           {"spiffe://example.com/service/registrar", "spiffe://example.com/service/network"},
           {"spiffe://example.com/service/"},
           {"spiffe://example.com/service/a/b"},
           {"spiffe://example.com/service/.."},
           {"spiffe://example.com/service/a%2fb"},
           {"spiffe://example.com/Service/registrar"},
           {"spiffe://example.com/device/7"},
           {"SPIFFE://example.com/service/registrar"},
           {"https://example.com/service/registrar"}}) {
    CHECK(who(uris).kind == Caller::Kind::unknown);
    CHECK(who(uris).name.empty());
  }
}

TEST_CASE("every method of a service has a line in its access table") {
  const auto* service = find_service("pratique.echo.v1.Echo");
  REQUIRE(service != nullptr);
  CHECK(find_service("pratique.echo.v1.None") == nullptr);
  const Access whole{{"/pratique.echo.v1.Echo/GetEcho", {any_service()}},
                     {"/pratique.echo.v1.Echo/ChangeEcho", {any_service()}},
                     {"/pratique.echo.v1.Echo/WatchEchoes", {any_service()}}};
  CHECK(unlisted_methods(whole, {service}).empty());
  const Access partial{{"/pratique.echo.v1.Echo/GetEcho", {any_service()}},
                       {"/pratique.echo.v1.Echo/ChangeEcho", {any_service()}},
                       {"/pratique.echo.v1.Echo/WatchEcho", {any_service()}}};
  CHECK(unlisted_methods(partial, {service}) ==
        std::vector<std::string>{"/pratique.echo.v1.Echo/WatchEchoes",
                                 "no such method: /pratique.echo.v1.Echo/WatchEcho"});
  const Caller some{Caller::Kind::service, "x", Role::none, ""};
  CHECK(partial.check("/pratique.echo.v1.Echo/WatchEchoes", some).error().reason == "METHOD_NOT_LISTED");
  CHECK(merge({partial, whole}).lists("/pratique.echo.v1.Echo/WatchEchoes"));
}

TEST_CASE("a line that names no role admits no operator without one") {
  const Access access{{"/a/b", {operators(Role::none)}}};
  CHECK_FALSE(access.check("/a/b", {Caller::Kind::operator_, "sam", Role::none, ""}));
  CHECK(access.check("/a/b", {Caller::Kind::operator_, "sam", Role::viewer, ""}));
  CHECK_FALSE(access.check("/a/b", {Caller::Kind::service, "network", Role::admin, ""}));
}

TEST_CASE("all codes survive the way there and back") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const Error error{static_cast<ErrorCode>(i), "SOME_REASON", "some message", {{"k", "v"}}};
    const auto back = from_grpc_status(to_grpc_status(error, "echo.pratique"));
    CHECK(back.code == error.code);
    CHECK(back.reason == "SOME_REASON");
    CHECK(back.message == "some message");
  }
  const auto bare = from_grpc_status({grpc::StatusCode::NOT_FOUND, "nothing", "\xff\xff rubbish"});
  CHECK(bare.reason == "PEER_NOT_FOUND");
  CHECK(from_grpc_status({grpc::StatusCode::UNKNOWN, "?"}).code == ErrorCode::internal);
}

TEST_CASE("times go there and back, and what is none is refused by the name of its field") {
  for (const auto* text : {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z",
                           "2026-11-24T07:30:00.000001Z", "9999-12-31T23:59:59.999999Z"}) {
    const auto time = *parse_rfc3339(text);
    const auto message = write_time(time);
    CAPTURE(text);
    CHECK((message.nanos() >= 0 && message.nanos() <= 999'999'999));
    CHECK(*read_time("create_time", message) == time);
  }
  google::protobuf::Timestamp message;
  message.set_nanos(1'999);  // finer than what is kept
  CHECK(*read_time("create_time", message) == *parse_rfc3339("1970-01-01T00:00:00.000001Z"));

  const auto refused = [](std::int64_t seconds, std::int32_t nanos) {
    google::protobuf::Timestamp bad;
    bad.set_seconds(seconds);
    bad.set_nanos(nanos);
    const auto read = read_time("policy.end_time", bad);
    return !read && read.error().reason == "TIMESTAMP_INVALID" &&
           read.error().evidence == std::vector<std::pair<std::string, std::string>>{{"field", "policy.end_time"}};
  };
  CHECK(refused(-62'135'596'801, 0));
  CHECK(refused(253'402'300'800, 0));
  CHECK(refused(std::numeric_limits<std::int64_t>::max(), 0));
  CHECK(refused(std::numeric_limits<std::int64_t>::min(), 0));
  CHECK(refused(0, -1));
  CHECK(refused(0, 1'000'000'000));
}

TEST_CASE("the configuration of a server and of a peer") {
  struct Both {
    RpcConfig rpc;
    PeerConfig registrar;
  };
  const auto load = [](std::string_view text) {
    Both both;
    const auto outcome = runtime::ConfigReader::parse(text, "x.yaml", [&](runtime::ConfigReader& in) {
      in.section("rpc", both.rpc);
      in.section("registrar", both.registrar);
    });
    return outcome ? std::string("good") : outcome.error().message;
  };
  const std::string tls = "rpc:\n  tls: {certificate: c, key: k, trust_anchors: a}\n";
  const std::string peer = "registrar: {addresses: ['registrar:8443']}\n";
  CHECK(load(tls + peer) == "good");
  CHECK(load(tls + "  trust: {operators: {jo@example.com: admin}}\n" + peer) == "good");
  CHECK(load(peer).contains("rpc.tls: is required"));
  CHECK(load(tls).contains("registrar.addresses: is required"));
  CHECK(load(tls + "  trust: {operators: {jo: king}}\n" + peer)
            .contains("must be viewer, operator or admin, not 'king'"));
  CHECK(load(tls + "  max_message: 1GiB\n" + peer).contains("at most 64MiB"));
}
