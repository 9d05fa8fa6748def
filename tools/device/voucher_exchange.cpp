#include "tools/device/voucher_exchange.h"

#include "libs/net/url.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/telemetry.h"
#include "tools/device/registrar_text.h"

namespace pratique::device {
namespace {

voucher::VoucherJudgement judge(const Manufactured& made, const OnboardOptions& options, const Progress& progress,
                                ByteView body, std::span<const crypto::Certificate> server_chain) {
  const auto now = options.clock ? std::optional(options.clock->now()) : std::nullopt;
  return brski::judge_voucher_as_pledge(body, made.voucher_anchors, made.idevid(), progress.nonce, server_chain, now,
                                        {.profile = options.profile, .accept_nonceless = options.accept_nonceless});
}

}  // namespace

std::optional<Timestamp> VoucherExchange::now() const {
  return options_.clock ? std::optional(options_.clock->now()) : std::nullopt;
}

std::string VoucherExchange::url(const RegistrarLink& link) const {
  return net::Url{"https", link.registrar().host, link.registrar().port, target_, {}}.text();
}

Attempt<voucher::VoucherJudgement> VoucherExchange::obtain(std::optional<RegistrarLink>& link) {
  auto kept = device_.progress();
  if (!kept) return std::unexpected(failed(kept.error()));
  progress_ = *std::move(kept);
  from_before_ = progress_.has_value();
  target_ = brski::kRequestVoucherPath;
  if (progress_ && progress_->voucher) {
    auto resumed = resume(*link);
    if (!resumed) return std::unexpected(resumed.error());
    if (*resumed) return **std::move(resumed);
  }
  auto judged = ask(link);
  // What an earlier run asked for may be used up by now; a request of today decides.
  if (!judged && judged.error().outcome == Outcome::refused_by_network && from_before_) {
    if (auto forgotten = forget(); !forgotten) return std::unexpected(failed(forgotten.error()));
    judged = ask(link);
  }
  return judged;
}

// The voucher was accepted in an earlier run: does it pin the server that answers now?
Attempt<std::optional<voucher::VoucherJudgement>> VoucherExchange::resume(RegistrarLink& link) {
  std::optional<voucher::VoucherJudgement> out;
  if (auto connected = connect(link, journal_.begin("connect")); !connected) return out;
  auto judged = judge(device_.made(), options_, *progress_, *progress_->voucher, link.peer().chain);
  journal_.begin("voucher").end(judged.verdict.accepted() ? "kept" : "dropped", "accepted before the restart");
  if (!judged.verdict.accepted()) {
    if (auto forgotten = forget(); !forgotten) return std::unexpected(failed(forgotten.error()));
    return out;
  }
  link.set_trust(pinned_trust());
  report(link, judged.verdict);  // whether it was said before is not known
  out = std::move(judged);
  return out;
}

Attempt<voucher::VoucherJudgement> VoucherExchange::ask(std::optional<RegistrarLink>& link) {
  while (true) {
    std::optional<Ending> unable;
    const auto connecting = journal_.begin("connect");
    const auto connected = connect(*link, connecting);
    const auto asking = journal_.begin("voucher");
    const auto& step = connected ? asking : connecting;
    auto response = connected ? send(*link, unable) : Result<net::http::Response>(connected.error());
    if (unable) return std::unexpected(*std::move(unable));
    brski::VoucherAnswer answer{.requested_url = url(*link)};
    if (response) {
      answer.status = response->status;
      answer.retry_after = response->headers.get("Retry-After");
      answer.location = response->headers.get("Location");
    }
    if (progress_) state_.since_first = progress_->waited;
    const auto decision = brski::decide_retry(answer, state_, now());
    const auto said = response ? status_line(*response) : printable(response.error().message);
    const bool passing = answer.status == 0 || answer.status == 429 || answer.status >= 500;
    state_.failures = passing ? state_.failures + 1 : 0;
    switch (decision.step) {
      case brski::NextStep::judge: return believe(*link, std::move(response->body), step);
      case brski::NextStep::wait:
        step.end(passing ? "failed" : "waiting", said + "; again in " + std::to_string(decision.wait.count()) + " s");
        if (auto waited = wait(decision); !waited) return std::unexpected(waited.error());
        break;
      case brski::NextStep::redirect:
      case brski::NextStep::renew:
        step.end("redirected", printable(decision.location));
        if (auto followed = follow(link, decision); !followed) return std::unexpected(followed.error());
        break;
      case brski::NextStep::next_registrar:
        step.end(response ? "refused" : "failed", said);
        return std::unexpected(response && !passing ? refused_with(*response)
                                                    : Ending{Outcome::failed, {"REGISTRAR_UNREACHABLE"}, said});
    }
  }
}

Result<net::http::Response> VoucherExchange::send(RegistrarLink& link, std::optional<Ending>& unable) {
  if (auto prepared = prepare_request(*link.peer().leaf(), url(link)); !prepared) {
    unable = failed(prepared.error());
    return std::move(prepared).error();
  }
  return link.post(target_, brski::kVoucherCmsJson, brski::kVoucherCmsJson, progress_->request);
}

// The request at hand names a server by its key; another server gets another request.
Result<void> VoucherExchange::prepare_request(const crypto::Certificate& server, const std::string& request_url) {
  if (progress_ && progress_->server.public_key() == server.public_key()) return {};
  const auto step = journal_.begin("request");
  const auto& made = device_.made();
  const brski::PledgeIdentity identity{made.idevid(), made.key, std::span(made.chain).subspan(1)};
  auto request = brski::build_pledge_request(identity, server, device_.random(), now(), options_.profile);
  if (!request) {
    step.end("failed", request.error().message);
    return std::move(request).error();
  }
  progress_ = Progress{.registrar = request_url,
                       .server = server,
                       .request = std::move(request->body),
                       .nonce = std::move(request->nonce)};
  from_before_ = false;
  TRY_VOID(device_.put_progress(*progress_));
  step.end("made", "serial " + made.serial());
  return {};
}

Attempt<voucher::VoucherJudgement> VoucherExchange::believe(RegistrarLink& link, Bytes body,
                                                            const Journal::Entry& step) {
  auto judged = judge(device_.made(), options_, *progress_, body, link.peer().chain);
  if (!judged.verdict.accepted()) {
    step.end("refused", judged.verdict.first().code);
    report(link, judged.verdict);
    if (auto forgotten = forget(); !forgotten) return std::unexpected(failed(forgotten.error()));
    return std::unexpected(refuses(judged.verdict));
  }
  progress_->voucher = std::move(body);
  if (auto saved = device_.put_progress(*progress_); !saved) return std::unexpected(failed(saved.error()));
  link.set_trust(pinned_trust());
  step.end("accepted", judged.pinned ? "owner " + printable(judged.pinned->subject()) : "");
  report(link, judged.verdict);
  return judged;
}

RegistrarLink::Trust VoucherExchange::pinned_trust() const {
  return [&made = device_.made(), &options = options_, progress = *progress_](const net::PeerInfo& peer) {
    return judge(made, options, progress, *progress.voucher, peer.chain).verdict;
  };
}

Attempt<void> VoucherExchange::wait(const brski::RetryDecision& decision) {
  if (progress_) {
    progress_->waited += decision.wait;
    if (auto saved = device_.put_progress(*progress_); !saved) return std::unexpected(failed(saved.error()));
  }
  if (patience_.wait(decision.wait)) return {};
  return std::unexpected(
      Ending{Outcome::timed_out, {"TIMED_OUT"}, "waited long enough for the voucher: " + decision.why});
}

Attempt<void> VoucherExchange::follow(std::optional<RegistrarLink>& link, const brski::RetryDecision& decision) {
  const auto there = net::parse_url(decision.location);
  if (!there) return std::unexpected(failed(there.error()));
  target_ = there->target();
  if (decision.step == brski::NextStep::redirect) {
    ++state_.redirects;
    return {};
  }
  state_ = {.crossed_origin = true};
  auto identity = net::TlsIdentity::make(device_.made().chain, device_.made().key);
  if (!identity) return std::unexpected(failed(identity.error()));
  link.emplace(net::Endpoint{there->host, there->port}, *std::move(identity));
  if (auto forgotten = forget(); !forgotten) return std::unexpected(failed(forgotten.error()));
  return {};
}

// Success is written down here, failure by the caller.
Result<void> VoucherExchange::connect(RegistrarLink& link, const Journal::Entry& step) {
  const int before = link.connection();
  TRY_VOID(link.connect());
  if (link.connection() != before)
    step.end("connected", link.peer().tls_version + " " + printable(link.peer().leaf()->subject()));
  return {};
}

Result<void> VoucherExchange::forget() {
  progress_.reset();
  from_before_ = false;
  return device_.forget_progress();
}

// On the connection that brought the voucher. Where that is gone, an accepted one is reported on another to the owner
// that it pins, who waits for it before he enrols; a refused one is not.
void VoucherExchange::report(RegistrarLink& link, const Verdict& verdict) {
  const auto step = journal_.begin("voucher_status");
  const auto body = brski::encode_status_report(brski::report_voucher_status(verdict));
  const auto send_report = [&] { return link.post(brski::kVoucherStatusPath, brski::kJson, {}, as_bytes(body)); };
  auto response = send_report();
  if (!response && verdict.accepted() && link.connect()) response = send_report();
  if (!response) step.end("unsent", printable(response.error().message));
  else step.end(response->status == 200 ? "sent" : "ignored", response->status == 200 ? "" : status_line(*response));
}

}  // namespace pratique::device
