#include "tools/device/records.h"

#include <algorithm>

#include "libs/base/base64.h"
#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"

namespace pratique::device {
namespace {

// A record is one line of JSON, and after it the private key as PKCS #8, so that the key never stands in a text.
Result<Secret> pack(const json::Value& facts, const crypto::SoftwareKey* key) {
  Bytes out = to_bytes(facts.dump() + "\n");
  if (key == nullptr) return Secret(std::move(out));
  TRY(const auto der, key->plaintext_der());
  out.reserve(out.size() + der.size());
  out.insert(out.end(), der.reveal().begin(), der.reveal().end());
  return Secret(std::move(out));
}

struct Unpacked {
  json::Value facts;
  std::optional<crypto::SoftwareKey> key;
};

Result<Unpacked> unpack(const Secret& record) {
  const auto bytes = record.reveal();
  const auto line_end = std::ranges::find(bytes, std::uint8_t{'\n'});
  const auto line = bytes.first(static_cast<std::size_t>(line_end - bytes.begin()));
  TRY(auto facts, json::parse(line));
  Unpacked out{std::move(facts), {}};
  if (line.size() + 1 >= bytes.size()) return out;
  TRY(out.key, crypto::SoftwareKey::parse_plaintext(bytes.subspan(line.size() + 1)));
  return out;
}

std::string pem_of(const std::vector<crypto::Certificate>& certificates) {
  std::string out;
  for (const auto& certificate : certificates) out += certificate.pem();
  return out;
}

Result<std::vector<crypto::Certificate>> certificates_at(const json::Reader& facts, std::string_view name) {
  TRY(const auto pem, facts.string_at(name));
  return crypto::Certificate::parse_pem_bundle(pem);
}

Result<Bytes> bytes_at(const json::Reader& facts, std::string_view name) {
  TRY(const auto text, facts.string_at(name));
  return base64_decode(text);
}

Result<Progress> read_progress(const Secret& record) {
  TRY(auto unpacked, unpack(record));
  const json::Reader facts(unpacked.facts);
  TRY(auto registrar, facts.string_at("registrar"));
  TRY(auto server, certificates_at(facts, "server"));
  TRY(auto request, bytes_at(facts, "request"));
  TRY(const auto nonce_text, facts.string_at("nonce"));
  TRY(auto nonce, voucher::Nonce::parse(nonce_text));
  TRY(const auto waited, facts.int_at("waited"));
  Progress out{.registrar = std::move(registrar),
               .server = server.front(),
               .request = std::move(request),
               .nonce = std::move(nonce),
               .waited = std::chrono::seconds(waited)};
  if (facts.has("voucher")) {
    TRY(out.voucher, bytes_at(facts, "voucher"));
  }
  out.key = std::move(unpacked.key);
  return out;
}

Result<Credential> read_credential(const Secret& record) {
  TRY(auto unpacked, unpack(record));
  const json::Reader facts(unpacked.facts);
  TRY(auto registrar, facts.string_at("registrar"));
  TRY(auto chain, certificates_at(facts, "chain"));
  TRY(auto anchors, certificates_at(facts, "domain_anchors"));
  TRY(auto voucher, bytes_at(facts, "voucher"));
  if (!unpacked.key || !(unpacked.key->public_key() == chain.front().public_key()))
    return invalid("DEVICE_STATE_INVALID", "the key is not the certificate's");
  return Credential{std::move(registrar), std::move(chain), *std::move(unpacked.key), std::move(anchors),
                    std::move(voucher)};
}

Result<SupplicantRecord> read_supplicant(const Secret& record) {
  TRY(const auto unpacked, unpack(record));
  const json::Reader facts(unpacked.facts);
  TRY(auto folder, facts.string_at("folder"));
  TRY(auto serial, facts.string_at("serial"));
  return SupplicantRecord{std::move(folder), std::move(serial)};
}

template <typename T>
Result<T> as_data_loss(Result<T> read, std::string_view name) {
  if (read) return read;
  return Error{ErrorCode::data_loss, "DEVICE_STATE_INVALID", std::string(name) + ": " + read.error().message};
}

}  // namespace

Result<Secret> encode_progress(const Progress& progress) {
  auto facts = json::Value::object();
  facts.set("registrar", progress.registrar)
      .set("server", progress.server.pem())
      .set("request", base64_encode(progress.request))
      .set("nonce", progress.nonce.text())
      .set("waited", std::int64_t{progress.waited.count()});
  if (progress.voucher) facts.set("voucher", base64_encode(*progress.voucher));
  return pack(facts, progress.key ? &*progress.key : nullptr);
}

Result<Secret> encode_credential(const Credential& credential) {
  auto facts = json::Value::object();
  facts.set("registrar", credential.registrar)
      .set("chain", pem_of(credential.chain))
      .set("domain_anchors", pem_of(credential.domain_anchors))
      .set("voucher", base64_encode(credential.voucher));
  return pack(facts, &credential.key);
}

Result<Progress> parse_progress(const Secret& record) { return as_data_loss(read_progress(record), kProgressRecord); }
Result<Credential> parse_credential(const Secret& record) {
  return as_data_loss(read_credential(record), kCredentialRecord);
}

Secret encode_supplicant(const SupplicantRecord& supplicant) {
  auto facts = json::Value::object();
  facts.set("folder", supplicant.folder.string()).set("serial", supplicant.serial);
  return Secret(to_bytes(facts.dump() + "\n"));
}

Result<SupplicantRecord> parse_supplicant(const Secret& record) {
  return as_data_loss(read_supplicant(record), kSupplicantRecord);
}

}  // namespace pratique::device
