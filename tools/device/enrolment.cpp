#include "tools/device/enrolment.h"

#include <algorithm>
#include <iterator>

#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/telemetry.h"
#include "tools/device/domain_trust.h"
#include "tools/device/registrar_text.h"

namespace pratique::device {
namespace {

constexpr int kMaxStatusAttempts = 3;
constexpr std::chrono::seconds kStatusPause{1};

using Certificates = std::vector<crypto::Certificate>;

Certificates joined(Certificates first, const Certificates& more) {
  std::ranges::copy_if(more, std::back_inserter(first),
                       [&](const auto& one) { return std::ranges::find(first, one) == first.end(); });
  return first;
}

Certificates chain_of(const est::Enrolled& enrolled) {
  Certificates chain{enrolled.certificate};
  std::ranges::copy(enrolled.others, std::back_inserter(chain));
  return chain;
}

Attempt<void> as_attempt(const Result<void>& result) {
  if (result) return {};
  return std::unexpected(failed(result.error()));
}

}  // namespace

Attempt<RegistrarLink> domain_link(const net::Endpoint& registrar, const Credential& credential, const Clock* clock) {
  auto identity = net::TlsIdentity::make(credential.chain, credential.key);
  if (!identity) return std::unexpected(failed(identity.error()));
  return RegistrarLink(registrar, *std::move(identity),
                       [anchors = credential.domain_anchors, host = registrar.host, clock](const net::PeerInfo& peer) {
                         const auto now = clock ? std::optional(clock->now()) : std::nullopt;
                         return judge_domain_server(peer.chain, anchors, host, now);
                       });
}

Attempt<void> Enrolment::enrol(RegistrarLink& link, const voucher::VoucherJudgement& voucher) {
  EstClient client(link, patience_, journal_, options_.clock);
  const auto known = client.cacerts();
  if (!known) return std::unexpected(known.error());
  const auto published = authorities_of(*known);
  // What the voucher pins is the domain; only where that is no CA, the domain's own word over this connection decides.
  const bool pins_authority = voucher.pinned && voucher.pinned->is_ca();
  const auto anchors = pins_authority ? Certificates{*voucher.pinned} : published;
  if (anchors.empty())
    return std::unexpected(Ending{Outcome::failed, {"DOMAIN_CA_UNKNOWN"}, "the registrar names no CA of its domain"});

  const auto attrs = client.csrattrs();
  if (!attrs) return std::unexpected(attrs.error());
  const auto key = fresh_key(*attrs);
  if (!key) return std::unexpected(key.error());
  const auto serial = device_.made().serial();
  const est::RequestWish wish{.subject = {.common_name = serial, .serial_number = serial}};
  const auto enrolled = client.enroll(est::Operation::simpleenroll, wish, *attrs, *key);
  const auto verified = enrolled ? client.verify(*enrolled, *known, anchors) : std::unexpected(enrolled.error());
  if (!verified) {
    if (verified.error().outcome == Outcome::refuses_network) report_failure(link, verified.error());
    return verified;
  }

  const auto progress = device_.progress();
  if (!progress) return std::unexpected(failed(progress.error()));
  const Credential credential{.registrar = link.registrar().text(),
                              .chain = chain_of(*enrolled),
                              .key = *key,
                              .domain_anchors = joined(anchors, published),
                              .voucher = *progress && (*progress)->voucher ? *(*progress)->voucher : Bytes{}};
  if (auto kept = as_attempt(device_.put_credential(credential)); !kept) return kept;
  if (auto forgotten = as_attempt(device_.forget_progress()); !forgotten) return forgotten;
  return report_success(link.registrar(), credential);
}

// Made once for a whole attempt, restarts included: a registrar whose answer was lost gives the same key the same
// certificate again.
Attempt<crypto::SoftwareKey> Enrolment::fresh_key(const est::CsrAttrs& attrs) {
  auto progress = device_.progress();
  if (!progress) return std::unexpected(failed(progress.error()));
  auto& kept = *progress;
  if (kept && kept->key && est::satisfies(kept->key->public_key(), attrs.keys)) return *kept->key;
  const auto step = journal_.begin("key");
  auto key = make_key(attrs);
  if (!key) {
    step.end("failed", key.error().text);
    return key;
  }
  if (kept) {
    kept->key = *key;
    if (auto saved = device_.put_progress(*kept); !saved) return std::unexpected(failed(saved.error()));
  }
  step.end("made", key->public_key().description());
  return key;
}

// RFC 8995 section 5.9.4: success is told on a new connection with the new certificate. The device has its credential
// whether or not anybody hears of it.
Attempt<void> Enrolment::report_success(const net::Endpoint& registrar, const Credential& credential) {
  const auto step = journal_.begin("enrollstatus");
  auto link = domain_link(registrar, credential, options_.clock);
  if (!link) return std::unexpected(link.error());
  const auto body = brski::encode_status_report(brski::report_enroll_status(true));
  std::string why;
  for (int attempt = 0; attempt < kMaxStatusAttempts; ++attempt) {
    if (attempt > 0 && !patience_.wait(kStatusPause)) break;
    if (auto connected = link->connect(); !connected) {
      why = printable(connected.error().message);
      continue;
    }
    const auto response = link->post(brski::kEnrollStatusPath, brski::kJson, {}, as_bytes(body));
    if (response && response->status < 500) {
      const bool taken = response->status == 200;
      step.end(taken ? "sent" : "ignored", taken ? "" : status_line(*response));
      return {};
    }
    why = response ? status_line(*response) : printable(response.error().message);
  }
  step.end("unsent", why);
  return {};
}

// Failure is told on the old connection.
void Enrolment::report_failure(RegistrarLink& link, const Ending& why) {
  const auto step = journal_.begin("enrollstatus");
  const auto report = brski::report_enroll_status(false, why.codes.front() + ": " + why.text);
  const auto body = brski::encode_status_report(report);
  const auto response = link.post(brski::kEnrollStatusPath, brski::kJson, {}, as_bytes(body));
  step.end(response ? "sent" : "unsent", response ? "" : printable(response.error().message));
}

Attempt<void> Enrolment::renew(RegistrarLink& link, const Credential& present) {
  EstClient client(link, patience_, journal_, options_.clock);
  const auto known = client.cacerts();
  if (!known) return std::unexpected(known.error());
  const auto attrs = client.csrattrs();
  if (!attrs) return std::unexpected(attrs.error());
  const auto key_step = journal_.begin("key");
  const auto key = make_key(*attrs);
  if (!key) return std::unexpected(key.error());
  key_step.end("made", key->public_key().description());
  const auto enrolled = client.enroll(est::Operation::simplereenroll, est::renew_wish(present.ldevid()), *attrs, *key);
  if (!enrolled) return std::unexpected(enrolled.error());
  auto anchors = joined(present.domain_anchors, authorities_of(*known));
  if (auto verified = client.verify(*enrolled, *known, anchors); !verified) return verified;
  return as_attempt(device_.put_credential({.registrar = link.registrar().text(),
                                            .chain = chain_of(*enrolled),
                                            .key = *key,
                                            .domain_anchors = std::move(anchors),
                                            .voucher = present.voucher}));
}

}  // namespace pratique::device
