#include "services/network/peers/registrar_follower.h"

#include "libs/rpc/follower.h"
#include "libs/rpc/timestamp.h"
#include "pratique/registrar/v1/event.grpc.pb.h"
#include "services/network/peers/registrar_text.h"

namespace pratique::network {
namespace {

namespace v1 = registrar::v1;
using Event = common::v1::Event;

constexpr std::chrono::seconds kEventLimit{5}, kListingLimit{120};
/// A revocation waits for us: an outage is over a second after it is over.
constexpr rpc::FollowPauses kPauses{.first = std::chrono::milliseconds(50), .longest = std::chrono::milliseconds(1000)};

std::chrono::steady_clock::time_point within(std::chrono::seconds limit) {
  return std::chrono::steady_clock::now() + limit;
}

}  // namespace

struct RegistrarFollower::Inside {
  Inside(const rpc::Peer& peer, Registrar& registrar_, RegistrarFeed& feed_, const obs::Log& log)
      : registrar(registrar_),
        feed(feed_),
        stub(v1::Events::NewStub(peer.channel())),
        follower(
            "registrar", peer, log, [this](grpc::ClientContext& context) { return open(context); },
            [this](const Event& event) { return handle(event); },
            [this](const Error& why) { list_anew = list_anew || why.code == ErrorCode::out_of_range; }, kPauses) {}

  Result<rpc::Stream<Event>> open(grpc::ClientContext& context) {
    TRY(auto place, feed.place(within(kEventLimit)));
    if (list_anew || !place.started) {
      TRY_VOID(feed.resynchronise(registrar, within(kListingLimit)));
      list_anew = false;
      TRY(place, feed.place(within(kEventLimit)));
    }
    v1::WatchEventsRequest request;
    request.set_after_cursor(std::to_string(place.cursor));
    return stub->WatchEvents(&context, request);
  }

  Result<void> handle(const Event& event) {
    TRY(const auto cursor, parse_cursor(event.cursor()));
    TRY(const auto at, rpc::read_time("time", event.time()));
    return feed.handle({.cursor = cursor,
                        .at = at,
                        .type = event.type(),
                        .subject = event.subject(),
                        .facts = {event.facts().begin(), event.facts().end()}},
                       within(kEventLimit));
  }

  Registrar& registrar;
  RegistrarFeed& feed;
  std::unique_ptr<v1::Events::Stub> stub;
  bool list_anew = false;  // of the follower's thread alone
  rpc::Follower<Event> follower;
};

RegistrarFollower::RegistrarFollower(const rpc::Peer& peer, Registrar& registrar, RegistrarFeed& feed,
                                     const obs::Log& log)
    : inside_(new Inside(peer, registrar, feed, log)) {}

RegistrarFollower::~RegistrarFollower() = default;

}  // namespace pratique::network
