#include "tools/factory/masa.h"

#include <fmt/format.h>

#include <algorithm>

#include "libs/crypto/x509/chain.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/status.h"
#include "tools/device/report.h"

namespace pratique::factory {
namespace {

using net::http::Response;

Response failed(const Error& error) {
  // What broke is ours to know: the line in the log has it.
  return net::http::respond_text(error.code == ErrorCode::unavailable ? 503 : 500, "the MASA cannot answer now");
}

Response refused(const Verdict& verdict) {
  return net::http::respond_text(brski::masa_status(verdict.first().code), brski::refusal_text(verdict));
}

std::string codes_of(const Verdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings()) out += (out.empty() ? "" : ",") + finding.code;
  return out;
}

}  // namespace

Masa::Masa(MasaKeys keys, DeviceRegister devices, std::filesystem::path audit_folder, MasaConfig config,
           Mischief mischief, const Clock& clock, Random& random, Told told)
    : keys_(std::move(keys)),
      devices_(std::move(devices)),
      audit_(std::move(audit_folder)),
      config_(std::move(config)),
      mischief_(std::move(mischief)),
      clock_(clock),
      random_(random),
      told_(std::move(told)) {}

Response Masa::handle(const net::http::Request& request, const net::PeerInfo& peer) {
  const auto began = std::chrono::steady_clock::now();
  Note note;
  auto response = route(request, peer, note);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  const auto line =
      fmt::format("{} {} {} {} {} serial={} {} client={} {:.1f} ms", format_rfc3339(clock_.now()), peer.remote,
                  device::printable(request.method), device::printable(request.path), response.status,
                  note.serial.empty() ? "-" : device::printable(note.serial), note.outcome,
                  peer.leaf() ? device::printable(peer.leaf()->subject()) : "none", took.count());
  const std::lock_guard lock(mutex_);
  if (told_) told_(line);
  return response;
}

Response Masa::route(const net::http::Request& request, const net::PeerInfo& peer, Note& note) {
  const bool old_path =
      config_.profile == voucher::WireProfile::lenient && request.path == brski::kOldRequestVoucherPath;
  const bool voucher = request.path == brski::kRequestVoucherPath || old_path;
  if (!voucher && request.path != brski::kRequestAuditLogPath) {
    note.outcome = "unknown path";
    return net::http::respond_text(404, "no such resource");
  }
  if (request.method != "POST") {
    note.outcome = "wrong method";
    auto response = net::http::respond_text(405, "use POST");
    response.headers.set("Allow", "POST");
    return response;
  }
  if (brski::parse_voucher_media_type(request.headers.get("Content-Type")) != brski::VoucherFormat::cms_json) {
    note.outcome = "wrong content type";
    return net::http::respond_text(415, "send application/voucher-cms+json");
  }
  const auto answered_as = voucher ? brski::kVoucherCmsJson : brski::kJson;
  if (!brski::accepts(request.headers.get("Accept"), answered_as)) {
    note.outcome = "not acceptable";
    return net::http::respond_text(406, "the answer is " + std::string(answered_as));
  }
  return voucher ? request_voucher(request, peer, note) : request_audit_log(request, peer, note);
}

std::variant<Masa::Asked, Response> Masa::judge(const net::http::Request& request, const net::PeerInfo& peer,
                                                Note& note) {
  auto opened = brski::open_registrar_request(request.body, config_.profile);
  if (!opened.facts) {
    note.outcome = codes_of(opened.verdict);
    return refused(opened.verdict);
  }
  note.serial = opened.facts->serial_number;
  const auto device = devices_.find(note.serial);
  if (!device) {
    note.outcome = device.error().reason + ": " + device.error().message;
    return failed(device.error());
  }
  std::optional<brski::RegisteredDevice> registered;
  if (*device)
    registered = brski::RegisteredDevice{.serial_number = (*device)->serial,
                                         .issuers = keys_.device_issuers,
                                         .idevid_key = (*device)->key,
                                         .blocked = (*device)->blocked};
  const brski::MasaPolicy policy{.profile = config_.profile, .owner_authenticated = knows_owner(peer)};
  auto judged =
      brski::judge_registrar_request(*opened.facts, registered ? &*registered : nullptr, policy, clock_.now());
  if (!judged.verdict.accepted()) {
    note.outcome = codes_of(judged.verdict);
    return refused(judged.verdict);
  }
  return Asked{*std::move(opened.facts), std::move(judged), policy};
}

Response Masa::request_voucher(const net::http::Request& request, const net::PeerInfo& peer, Note& note) {
  auto judged = judge(request, peer, note);
  if (auto* answer = std::get_if<Response>(&judged)) return std::move(*answer);
  const auto& asked = std::get<Asked>(judged);
  if (mischief_.does(Misdeed::silent, note.serial)) {
    keep_silent();
    note.outcome = "kept silent";
    return net::http::respond_text(504, "too late");
  }
  if (consider(asked.facts)) {
    note.outcome = "considering";
    auto response = net::http::respond_text(202, "the request is being considered");
    response.headers.set("Retry-After", std::to_string(config_.retry_after.count()));
    return response;
  }
  const auto voucher = make_voucher(asked, note);
  if (voucher) return net::http::respond(200, brski::kVoucherCmsJson, ByteView(*voucher));
  note.outcome = voucher.error().reason + ": " + voucher.error().message;
  return failed(voucher.error());
}

Result<Bytes> Masa::make_voucher(const Asked& asked, Note& note) {
  const voucher::SigningKey honest{keys_.signing.chain.front(), keys_.signing.key};
  const auto now = clock_.now();
  TRY(auto made, brski::build_voucher(asked.facts, asked.judged, honest, {}, asked.policy, now));
  const auto serial = asked.facts.serial_number;
  note.outcome =
      fmt::format("voucher given: {}, owner {}", voucher::to_string(made.content.assertion), made.audit.domain_id);
  if (mischief_.spoil(made.content, random_)) {
    note.outcome += ", with a misdeed";
    const auto* liar = mischief_.false_signer(serial);
    const voucher::SigningKey signer = liar ? voucher::SigningKey{liar->chain.front(), liar->key} : honest;
    TRY(made.body, voucher::sign_voucher(made.content, signer, {}, config_.profile, now));
    if (mischief_.does(Misdeed::other_owner, serial)) made.audit.domain_id = brski::domain_id(mischief_.other_owner());
  }
  // Written down first: a voucher that nobody can account for must not exist.
  TRY_VOID(audit_.append(serial, made.audit));
  return std::move(made.body);
}

Response Masa::request_audit_log(const net::http::Request& request, const net::PeerInfo& peer, Note& note) {
  auto judged = judge(request, peer, note);
  if (auto* answer = std::get_if<Response>(&judged)) return std::move(*answer);
  const auto& asked = std::get<Asked>(judged);
  auto log = audit_.get(note.serial);
  if (!log) {
    note.outcome = log.error().reason + ": " + log.error().message;
    return failed(log.error());
  }
  // Only an owner, present or past, may read it.
  const auto asker = brski::domain_id(asked.judged.registrar_chain.back());
  if (std::ranges::find(log->events, asker, &brski::AuditEvent::domain_id) == log->events.end()) {
    note.outcome = "audit log refused: never an owner";
    return net::http::respond_text(404, "no voucher was given to this owner");
  }
  if (mischief_.does(Misdeed::audit_other_owner, note.serial))
    log->events.push_back({.date = clock_.now() + std::chrono::seconds(1),
                           .domain_id = brski::domain_id(mischief_.other_owner()),
                           .nonce = voucher::Nonce::make(random_).text(),
                           .assertion = voucher::Assertion::logged});
  note.outcome = fmt::format("audit log shown: {} entries", log->events.size());
  return net::http::respond(200, brski::kJson, brski::encode_audit_log(*log));
}

bool Masa::consider(const brski::RegistrarRequestFacts& facts) {
  if (config_.answer_after <= 0) return false;
  const std::lock_guard lock(mutex_);
  if (considered_.size() > kMaxConsidered) considered_.clear();
  const auto request = facts.serial_number + " " + (facts.request.nonce ? facts.request.nonce->text() : "");
  return ++considered_[request] <= config_.answer_after;
}

void Masa::keep_silent() {
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, kSilence, [this] { return stopping_; });
}

void Masa::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  stopped_.notify_all();
}

bool Masa::knows_owner(const net::PeerInfo& peer) const {
  if (config_.known_owners.empty() || peer.leaf() == nullptr) return false;
  crypto::ChainOptions options(clock_.now());
  options.partial_chain = true;
  return crypto::verify_chain(*peer.leaf(), std::span(peer.chain).subspan(1), config_.known_owners, options).accepted();
}

}  // namespace pratique::factory
