#include "services/registrar/revocation.h"

#include "libs/crypto/revocation/crl_build.h"
#include "libs/net/http_server.h"
#include "libs/net/url.h"
#include "libs/runtime/periodic.h"
#include "libs/runtime/worker_pool.h"
#include "services/registrar/app/catalogue.h"
#include "services/registrar/app/revocation_follower.h"
#include "services/registrar/front/revocation/revocation_front.h"
#include "services/registrar/secrets.h"

namespace pratique::registrar {
namespace {

using std::chrono::seconds;

constexpr seconds kShortest = std::chrono::minutes(1);
constexpr seconds kLongestCrl = std::chrono::days(7);
constexpr seconds kLongestAnswer = kResponderValidity / 2;  // a responder's certificate has that long left at least
constexpr runtime::WorkerPoolConfig kWorkers{.threads = 2, .queue_limit = 256};
constexpr seconds kStopPatience{5};

struct CrlSection {
  CrlTerms& out;
};
void read(runtime::ConfigReader& in, CrlSection& section) {
  auto& lifetime = section.out.lifetime;
  auto& overlap = section.out.overlap;
  in.optional("lifetime", lifetime);
  overlap = lifetime / 2;
  in.optional("overlap", overlap);
  if (lifetime < kShortest || lifetime > kLongestCrl) in.refuse("lifetime", "is not within 1m and 7d");
  if (overlap <= seconds(0) || overlap >= lifetime) in.refuse("overlap", "is not between 0s and the lifetime");
}

struct OcspSection {
  OcspTerms& out;
};
void read(runtime::ConfigReader& in, OcspSection& section) {
  in.optional("lifetime", section.out.lifetime);
  if (section.out.lifetime < kShortest || section.out.lifetime > kLongestAnswer)
    in.refuse("lifetime", "is not within 1m and 84h");
}

/// The parts, in the order in which they need one another.
struct Parts {
  Parts(const RevocationConfig& config, runtime::Process& process, Surroundings in, const Authority& authority,
        std::vector<RevocationSigner> former)
      : issuers(authority, std::move(former)),
        lists(in, issuers, config.crl, process.log(), process.metrics()),
        responder(in, issuers, config.ocsp, process.log(), process.metrics()),
        follower(in, lists, responder, process.log()),
        front(lists, responder, process.clock(), process.metrics()) {}

  RevocationIssuers issuers;
  CrlPublisher lists;
  OcspResponder responder;
  RevocationFollower follower;
  RevocationFront front;
};

Result<std::vector<RevocationSigner>> load_former(const RevocationConfig& config) {
  std::vector<RevocationSigner> out;
  for (const auto& files : config.former_issuers) {
    TRY(auto parts, load_authority_files(files));
    if (!(parts.chain.front().public_key() == parts.key->public_key()))
      return invalid("AUTHORITY_INVALID", files.key.path.string() + ": is not the key of " +
                                              files.certificates.string());
    out.push_back({std::move(parts.chain.front()), std::move(parts.key)});
  }
  return out;
}

}  // namespace

void read(runtime::ConfigReader& in, RevocationConfig& out) {
  in.optional("listen", out.listen);
  in.required("public_url", out.public_url);
  while (out.public_url.ends_with('/')) out.public_url.pop_back();
  // Not https: who looks a certificate up must not have to look another up for it (RFC 5280 section 8).
  if (const auto url = net::parse_url(out.public_url, net::UrlSchemes::http_and_https); !url)
    in.refuse("public_url", url.error().message);
  else if (url->scheme != "http" || !url->query.empty())
    in.refuse("public_url", "is not of the form http://host[:port][/path]");
  CrlSection crl{out.crl};
  in.section("crl", crl);
  OcspSection ocsp{out.ocsp};
  in.section("ocsp", ocsp);
  in.list("former_issuers", out.former_issuers);
}

Result<void> check_revocation(const RevocationConfig& config, const Authority& authority, const Clock& clock) {
  TRY(auto former, load_former(config));
  const Timestamp now = clock.now();
  for (const auto& signer : RevocationIssuers(authority, std::move(former)).all())
    TRY_VOID(crypto::build_crl({.number = 1, .this_update = now, .next_update = now + kShortest}, {}, signer.issuer,
                               *signer.key));
  return {};
}

Result<void> open_revocation(const RevocationConfig& config, runtime::Process& process, Surroundings surroundings,
                             const Authority& authority, pg::Listener& listener, const std::string& channel) {
  TRY_VOID(check_revocation(config, authority, process.clock()));
  TRY(auto former, load_former(config));
  auto& parts = process.keep(
      "revocation", std::make_unique<Parts>(config, process, surroundings, authority, std::move(former)));
  auto& following = process.keep(
      "revocation follower",
      std::make_unique<runtime::Periodic>(kFollowEvery, [&parts] { parts.follower.turn(); }, kFollowRest));
  process.keep("revocation wake-up", std::make_unique<pg::Listener::Subscription>(
                                         listener.subscribe(channel, [&following] { following.wake(); })));

  auto& workers = process.keep("revocation workers", std::make_unique<runtime::WorkerPool>("revocation", kWorkers));
  auto& executor =
      process.keep("revocation executor", std::make_unique<net::PoolExecutor<runtime::WorkerPool>>(workers));
  auto limits = RevocationFront::limits();
  limits.listen = {config.listen.host, config.listen.port};
  TRY(auto server, net::HttpServer::start(std::move(limits), executor,
                                          [&parts](const net::http::Request& request, const net::PeerInfo&) {
                                            return parts.front.handle(request);
                                          }));
  auto& kept = process.keep("revocation door", std::move(server));
  process.on_stop("revocation connections", [&kept] { kept.stop(kStopPatience); });
  process.log().write(kRevocationListens, {{"host", config.listen.host}, {"port", kept.port()}});
  return {};
}

}  // namespace pratique::registrar
