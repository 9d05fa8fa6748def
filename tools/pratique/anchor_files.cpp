#include "tools/pratique/anchor_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "libs/crypto/x509/certificate.h"
#include "libs/rpc/timestamp.h"
#include "tools/pratique/file_text.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/terminal/time_text.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;
using Anchors = std::vector<v1::TrustAnchor>;

constexpr std::pair<std::string_view, v1::AnchorPurpose> kByOption[] = {{"idevid-anchor", v1::ANCHOR_PURPOSE_IDEVID},
                                                                        {"voucher-anchor", v1::ANCHOR_PURPOSE_VOUCHER},
                                                                        {"masa-anchor", v1::ANCHOR_PURPOSE_MASA_TLS}};

Result<std::vector<crypto::Certificate>> load_certificates(const std::filesystem::path& file) {
  TRY(const auto text, load_text(file, crypto::kMaxBundleSize));
  if (text.contains("-----BEGIN")) return crypto::Certificate::parse_pem_bundle(text).with_context(file.native());
  TRY(auto one, crypto::Certificate::parse_der(as_bytes(text)).with_context(file.native()));
  return std::vector{std::move(one)};
}

}  // namespace

std::vector<Option> anchor_file_options() {
  return {Option::many("idevid-anchor", "FILE", "signs its devices' IDevIDs; may be repeated"),
          Option::many("voucher-anchor", "FILE", "signs its vouchers; may be repeated"),
          Option::many("masa-anchor", "FILE", "authenticates its MASA's HTTPS server; may be repeated")};
}

std::vector<Option> anchor_options() {
  return {Option::many("purpose", "WORD", "idevid, voucher, masa-tls; several: commas between").must(),
          Option::many("protocol", "WORD", "counts for brski, fdo, dpp alone; none: for all"),
          Option::text("serial-pattern", "PATTERN", "counts for these serial numbers alone, e.g. '00-D0-E5-*'"),
          Option::text("from", "TIME", "counts from then on"), Option::text("until", "TIME", "counts until then")};
}

Result<Anchors> read_anchors(const Arguments& arguments) {
  Anchors out;
  for (const auto& [option, purpose] : kByOption)
    for (const auto& file : arguments.all(option)) {
      TRY(const auto certificates, load_certificates(file));
      for (const auto& certificate : certificates) {
        const auto der = to_string(certificate.der());
        auto known = std::ranges::find(out, der, &v1::TrustAnchor::certificate);
        if (known == out.end()) {
          known = out.emplace(out.end());
          known->set_certificate(der);
        }
        if (std::ranges::find(known->purposes(), static_cast<int>(purpose)) == known->purposes().end())
          known->add_purposes(purpose);
      }
    }
  return out;
}

Result<Anchors> read_anchor_file(const Arguments& arguments, const std::filesystem::path& file) {
  v1::TrustAnchor like;
  for (const auto& word : arguments.all("purpose", true)) {
    const auto purpose = value_of<v1::AnchorPurpose>(word);
    if (purpose == v1::ANCHOR_PURPOSE_UNSPECIFIED)
      return invalid("ARGUMENT_INVALID", fmt::format("--purpose takes idevid, voucher or masa-tls, not '{}'", word));
    like.add_purposes(purpose);
  }
  for (const auto& protocol : arguments.all("protocol", true)) like.add_protocols(protocol);
  like.set_serial_pattern(arguments.text("serial-pattern"));
  if (arguments.has("from")) {
    TRY(const auto from, parse_time(arguments.text("from")).with_context("--from"));
    *like.mutable_start_time() = rpc::write_time(from);
  }
  if (arguments.has("until")) {
    TRY(const auto until, parse_time(arguments.text("until")).with_context("--until"));
    *like.mutable_end_time() = rpc::write_time(until);
  }
  TRY(const auto certificates, load_certificates(file));
  Anchors out;
  for (const auto& certificate : certificates) {
    out.push_back(like);
    out.back().set_certificate(to_string(certificate.der()));
  }
  return out;
}

}  // namespace pratique::cli
