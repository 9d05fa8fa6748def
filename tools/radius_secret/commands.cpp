#include "tools/radius_secret/commands.h"

#include "libs/base/hex.h"
#include "libs/protocol/radius/server_secret/server_secret.h"
#include "libs/runtime/secret_file.h"

namespace pratique::radius_secret {
namespace {

Result<crypto::MasterKeys> load_keys(const std::filesystem::path& path) {
  TRY(const auto text, runtime::SecretFile{path}.load());
  return crypto::MasterKeys::parse(text);
}

}  // namespace

Result<std::string> seal(const std::filesystem::path& keys, std::string_view switch_id, std::string text,
                         Random& random) {
  if (text.ends_with('\n')) text.pop_back();
  TRY(const auto ring, load_keys(keys));
  TRY(const auto sealed, radius::seal_server_secret(ring, switch_id, Secret(text), random));
  return hex_encode(sealed);
}

Result<Secret> open(const std::filesystem::path& keys, std::string_view switch_id, std::string_view sealed,
                    Random& random) {
  TRY(const auto bytes, hex_decode(sealed));
  TRY(const auto ring, load_keys(keys));
  return radius::open_server_secret(ring, switch_id, bytes, random);
}

}  // namespace pratique::radius_secret
