#include "tools/device/est_client.h"

#include <algorithm>
#include <iterator>

#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/retry.h"
#include "tools/device/registrar_text.h"

namespace pratique::device {
namespace {

constexpr std::chrono::seconds kFirstBackoff{1};
constexpr std::chrono::seconds kMaxBackoff{32};

bool passes_by_itself(const net::http::Response& response) {
  return response.status == 429 || (response.status >= 500 && response.status <= 504 && response.status != 501);
}

std::chrono::seconds backoff(int failures) {
  return std::min(kFirstBackoff * (1 << std::min(failures, 5)), kMaxBackoff);
}

std::unexpected<Ending> timed_out(std::string_view waiting_for) {
  return std::unexpected(
      Ending{Outcome::timed_out, {"TIMED_OUT"}, "waited long enough for " + std::string(waiting_for)});
}

}  // namespace

Attempt<net::http::Response> EstClient::fetch(est::Operation operation, std::string_view accept) {
  Ending last;
  for (int failures = 0; failures < kMaxExchangeFailures; ++failures) {
    if (failures > 0 && !patience_.wait(backoff(failures - 1))) return timed_out(est::to_string(operation));
    if (auto connected = link_.connect(); !connected) {
      last = failed(connected.error());
      continue;
    }
    auto response = link_.get(est::path_of(operation), accept);
    if (response && !passes_by_itself(*response)) return *std::move(response);
    last = response ? refused_with(*response) : failed(response.error());
  }
  return std::unexpected(last);
}

Attempt<std::vector<crypto::Certificate>> EstClient::cacerts() {
  const auto step = journal_.begin("cacerts");
  auto response = fetch(est::Operation::cacerts, est::kPkcs7);
  if (!response) {
    step.end("failed", response.error().text);
    return std::unexpected(response.error());
  }
  if (response->status == 404) {
    step.end("none");
    return {};
  }
  if (response->status != 200) {
    step.end("refused", status_line(*response));
    return std::unexpected(refused_with(*response));
  }
  auto certificates = est::parse_certs(as_text(response->body));
  if (!certificates) {
    step.end("unreadable", certificates.error().message);
    return std::unexpected(failed(certificates.error()));
  }
  step.end("received", std::to_string(certificates->size()) + " in all");
  return *std::move(certificates);
}

Attempt<est::CsrAttrs> EstClient::csrattrs() {
  const auto step = journal_.begin("csrattrs");
  auto response = fetch(est::Operation::csrattrs, est::kCsrAttrs);
  if (!response) {
    step.end("failed", response.error().text);
    return std::unexpected(response.error());
  }
  if (response->status == 204 || response->status == 404) {
    step.end("none");
    return {};
  }
  if (response->status != 200) {
    step.end("refused", status_line(*response));
    return std::unexpected(refused_with(*response));
  }
  auto attrs = est::decode_body(as_text(response->body), est::kMaxCsrAttrsDer).and_then([](const Bytes& der) {
    return est::parse_csrattrs(der);
  });
  if (!attrs) {
    step.end("unreadable", attrs.error().message);
    return std::unexpected(failed(attrs.error()));
  }
  step.end("received");
  return *std::move(attrs);
}

Attempt<est::Enrolled> EstClient::enroll(est::Operation operation, const est::RequestWish& wish,
                                         const est::CsrAttrs& attrs, const crypto::SoftwareKey& key) {
  const auto step = journal_.begin("enrol");
  Enrolling request{operation, wish, attrs, key};
  while (true) {
    auto tried = try_enroll(request);
    if (!tried) {
      step.end(to_string(tried.error().outcome), tried.error().text);
      return std::unexpected(std::move(tried).error());
    }
    if (auto* enrolled = std::get_if<est::Enrolled>(&*tried)) {
      step.end("received", printable(enrolled->certificate.subject()));
      return std::move(*enrolled);
    }
    const auto pause = std::get<std::chrono::seconds>(*tried);
    if (!patience_.wait(pause)) {
      step.end("timed_out");
      return timed_out("the certificate");
    }
    request.waited += pause;
  }
}

Attempt<EstClient::EnrolledOrWait> EstClient::try_enroll(Enrolling& request) {
  const auto after_failure = [&](Ending why) -> Attempt<EnrolledOrWait> {
    if (++request.failures >= kMaxExchangeFailures) return std::unexpected(std::move(why));
    return EnrolledOrWait(backoff(request.failures - 1));
  };
  if (auto connected = link_.connect(); !connected) return after_failure(failed(connected.error()));
  if (!request.csr || request.made_for != link_.connection()) {
    auto made = est::build_request(request.wish, request.attrs, link_.binding(), request.key);
    if (!made) return std::unexpected(failed(made.error()));
    request.csr = *std::move(made);
    request.made_for = link_.connection();
  }
  const auto body = est::encode_body(request.csr->der());
  const auto response = link_.post(est::path_of(request.operation), est::kPkcs10, est::kPkcs7, as_bytes(body));
  if (!response) return after_failure(failed(response.error()));
  const auto next = est::next_step(response->status, response->headers.get("Retry-After"), now(), request.waited);
  if (next.next == est::Next::give_up)
    return passes_by_itself(*response) ? after_failure(refused_with(*response))
                                       : std::unexpected(refused_with(*response));
  request.failures = 0;
  if (next.next == est::Next::wait) {
    journal_.begin("enrol").end("waiting", status_line(*response));
    return EnrolledOrWait(next.wait);
  }
  auto enrolled = est::read_enrolled(as_text(response->body), request.key.public_key());
  if (enrolled) return EnrolledOrWait(*std::move(enrolled));
  auto why = failed(enrolled.error());
  why.outcome = Outcome::refuses_network;
  return std::unexpected(std::move(why));
}

Attempt<void> EstClient::verify(const est::Enrolled& enrolled, std::span<const crypto::Certificate> known,
                                std::span<const crypto::Certificate> anchors) {
  const auto step = journal_.begin("verify");
  auto with_known = enrolled;
  std::ranges::copy(known, std::back_inserter(with_known.others));
  auto options = clock_ ? crypto::ChainOptions(clock_->now()) : crypto::ChainOptions::ignoring_time();
  options.partial_chain = true;
  options.purpose = crypto::Purpose::tls_client;
  const auto verdict = est::judge_enrolled(with_known, anchors, options);
  if (!verdict.accepted()) {
    step.end("refused", verdict.first().code);
    return std::unexpected(refuses(verdict));
  }
  step.end("accepted", "leads to " + printable(verdict.chain.back().subject()));
  return {};
}

Attempt<crypto::SoftwareKey> make_key(const est::CsrAttrs& attrs) {
  const auto type = est::choose_key_type(attrs);
  if (!type) return std::unexpected(failed(type.error()));
  auto key = crypto::SoftwareKey::generate(*type);
  if (!key) return std::unexpected(failed(key.error()));
  return *std::move(key);
}

std::vector<crypto::Certificate> authorities_of(std::span<const crypto::Certificate> certificates) {
  std::vector<crypto::Certificate> out;
  std::ranges::copy_if(certificates, std::back_inserter(out), [](const auto& one) { return one.is_ca(); });
  return out;
}

}  // namespace pratique::device
