#include "libs/protocol/voucher/signed_voucher.h"

#include <algorithm>
#include <array>

#include "libs/base/base64.h"
#include "libs/codec/json/parse.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::voucher {
namespace {

// What may be wrong with an envelope, for each kind of content.
struct EnvelopeReasons {
  Reason malformed, is_unsigned, format, profile, signature;
};

const EnvelopeReasons& reasons_of(Artifact kind) {
  static constexpr std::array<EnvelopeReasons, 3> kTable = {{
      {kPvrMalformed, kPvrUnsigned, kPvrFormatUnsupported, kPvrProfileViolation, kPvrSignatureInvalid},
      {kRvrMalformed, kRvrUnsigned, kRvrFormatUnsupported, kRvrProfileViolation, kRvrSignatureInvalid},
      {kVoucherMalformed, kVoucherUnsigned, kVoucherFormatUnsupported, kVoucherProfileViolation,
       kVoucherSignatureInvalid},
  }};
  return kTable[static_cast<std::size_t>(kind)];
}

bool looks_like_cose(ByteView bytes) {
  return bytes[0] == 0xD2 || bytes[0] == 0x84;  // tag 18, or an untagged array of four
}

bool looks_like_json(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && text[start] == '{';
}

bool is_jws(ByteView bytes) {
  const auto document = json::parse(bytes, {.max_bytes = kMaxSignedBytes});
  return document && document->find("payload") && document->find("signatures");
}

// DER from the bytes of a body, or a finding.
std::optional<Bytes> find_der(ByteView bytes, const EnvelopeReasons& reasons, WireProfile profile, Verdict& verdict) {
  if (bytes.empty() || bytes.size() > kMaxSignedBytes) {
    verdict.refuse(reasons.malformed, bytes.empty() ? "the body is empty" : "the body is too large",
                   {{"bytes", std::to_string(bytes.size())}});
    return std::nullopt;
  }
  if (bytes[0] == 0x30) return to_bytes(bytes);
  if (looks_like_cose(bytes)) {
    verdict.refuse(reasons.format, "the body is COSE, not CMS");
    return std::nullopt;
  }
  if (looks_like_json(bytes)) {
    if (is_jws(bytes)) verdict.refuse(reasons.format, "the body is JWS, not CMS");
    else verdict.refuse(reasons.is_unsigned, "the body is JSON without a signature");
    return std::nullopt;
  }
  if (profile == WireProfile::lenient) {
    if (auto decoded = base64_decode_lenient(as_text(bytes)); decoded && !decoded->empty() && (*decoded)[0] == 0x30) {
      verdict.note(kWireLeniency, "the body is base64 text in place of DER");
      return *std::move(decoded);
    }
  }
  verdict.refuse(reasons.malformed, "the body is not DER");
  return std::nullopt;
}

void judge_form(const crypto::cms::SignedData& cms, const EnvelopeReasons& reasons, WireProfile profile,
                Verdict& verdict) {
  const bool anima = cms.content_type() == crypto::cms::kIdAnimaJsonVoucher;
  const bool id_data = cms.content_type() == crypto::cms::kIdData;
  // Without signed attributes the bytes signed are the content itself, which another protocol may have had signed.
  if (!cms.has_signed_attributes()) verdict.refuse(reasons.profile, "the signature has no signed attributes");
  if (profile == WireProfile::lenient && id_data) {
    verdict.note(kWireLeniency, "eContentType is id-data", {{"version", std::to_string(cms.version())}});
    return;
  }
  if (!anima)
    verdict.refuse(reasons.profile, "eContentType is not id-ct-animaJSONVoucher", {{"found", cms.content_type()}});
  if (cms.version() == 3) return;
  if (profile == WireProfile::lenient)
    verdict.note(kWireLeniency, "CMSVersion is not 3", {{"version", std::to_string(cms.version())}});
  else
    verdict.refuse(reasons.profile, "CMSVersion is not 3", {{"found", std::to_string(cms.version())}});
}

Result<Bytes> sign_content(std::string_view content, const SigningKey& signer,
                           std::span<const crypto::Certificate> extra, WireProfile profile,
                           std::optional<Timestamp> signing_time) {
  const auto type = profile == WireProfile::strict ? crypto::cms::kIdAnimaJsonVoucher : crypto::cms::kIdData;
  return crypto::cms::sign(as_bytes(content), type, signer.certificate, signer.key, extra,
                           {.signing_time = signing_time});
}

}  // namespace

Opened open_signed(ByteView bytes, Artifact kind, WireProfile profile, std::span<const crypto::Certificate> also) {
  Opened out;
  const auto& reasons = reasons_of(kind);
  auto der = find_der(bytes, reasons, profile, out.verdict);
  if (!der) return out;
  const auto cms = crypto::cms::SignedData::parse(*der);
  if (!cms) {
    out.verdict.refuse(reasons.malformed, "the body is not CMS SignedData",
                       {{"reason", cms.error().reason}, {"detail", cms.error().message}});
    return out;
  }
  auto signature = cms->verify_signature(also);
  for (const auto& finding : signature.findings())
    out.verdict.refuse(reasons.signature, "the signature does not verify",
                       {{"reason", finding.code}, {"detail", finding.message}, {"signer", cms->signer().text()}});
  judge_form(*cms, reasons, profile, out.verdict);
  if (!out.verdict.accepted() || !signature.accepted() || !signature.signer) return out;
  out.artifact = SignedArtifact{.bytes = *std::move(der),
                                .content = cms->content(),
                                .signer = *std::move(signature.signer),
                                .certificates = cms->certificates(),
                                .content_type = cms->content_type(),
                                .version = cms->version(),
                                .signed_attributes = cms->has_signed_attributes(),
                                .signing_time = cms->signing_time()};
  return out;
}

Result<Bytes> sign_request(const VoucherRequest& request, const SigningKey& signer,
                           std::span<const crypto::Certificate> extra, WireProfile profile,
                           std::optional<Timestamp> signing_time) {
  return sign_content(encode_voucher_request(request), signer, extra, profile, signing_time);
}

Result<Bytes> sign_voucher(const Voucher& voucher, const SigningKey& signer, std::span<const crypto::Certificate> extra,
                           WireProfile profile, std::optional<Timestamp> signing_time) {
  return sign_content(encode_voucher(voucher), signer, extra, profile, signing_time);
}

}  // namespace pratique::voucher
