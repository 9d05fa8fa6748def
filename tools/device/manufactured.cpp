#include "tools/device/manufactured.h"

#include "libs/runtime/secret_file.h"
#include "tools/pki/folder.h"
#include "tools/pki/identity.h"

namespace pratique::device {
namespace {

constexpr std::string_view kVoucherAnchors = "voucher-anchors.pem";

pki::IdentityFiles idevid_files() { return {"idevid.crt", "idevid.key", std::filesystem::path(kPassphraseFile)}; }

}  // namespace

Result<void> put_manufactured(const std::filesystem::path& folder, const Manufactured& made, Random& random) {
  const pki::Folder files(folder);
  std::string anchors;
  for (const auto& anchor : made.voucher_anchors) anchors += anchor.pem();
  TRY_VOID(files.put(kVoucherAnchors, anchors));
  return pki::put_identity(files, idevid_files(), {made.chain, made.key}, random);
}

Result<Secret> load_passphrase(const std::filesystem::path& folder) {
  return runtime::SecretFile{folder / kPassphraseFile}.load_text();
}

Result<Manufactured> load_manufactured(const std::filesystem::path& folder) {
  const pki::Folder files(folder);
  TRY_VOID(load_passphrase(folder));  // closed to others, or nothing is opened with it
  TRY(auto identity, pki::find_identity(files, idevid_files()));
  if (!identity) return not_found("FILE_MISSING", (folder / "idevid.crt").string() + ": is missing");
  TRY(const auto pem, files.get(kVoucherAnchors));
  TRY(auto anchors, crypto::Certificate::parse_pem_bundle(pem).with_context(std::string(kVoucherAnchors)));
  return Manufactured{std::move(identity->chain), std::move(identity->key), std::move(anchors)};
}

}  // namespace pratique::device
