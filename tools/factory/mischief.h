// A MASA that does wrong, so that demonstrations and tests can show who notices. Never by itself: each misdeed is
// ordered on the command line, for one device or for all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/protocol/brski/audit_log.h"
#include "libs/protocol/voucher/signed_voucher.h"
#include "libs/protocol/voucher/voucher.h"
#include "tools/pki/identity.h"

namespace pratique::factory {

enum class Misdeed {
  forged,             // signs the voucher with a key of its own
  other_owner,        // pins another owner's certificate, properly signed
  wrong_serial,       // names another device
  replay_nonce,       // answers another request than the one at hand
  silent,             // takes the request and never answers
  audit_other_owner,  // its audit log shows a later owner
};

struct OrderedMisdeed {
  Misdeed misdeed;
  std::string serial = {};  // "": every device
};
/// "forged", "forged=00-D0-E5-F2-00-02"; several with commas. INVALID_ARGUMENT MISDEED_UNKNOWN.
Result<std::vector<OrderedMisdeed>> parse_misdeeds(std::string_view text);

/// Immutable, thread-safe.
class Mischief {
 public:
  /// Makes the false key and the other owner where there is anything to do.
  static Result<Mischief> make(std::vector<OrderedMisdeed> ordered, const Clock& clock, Random& random);

  bool does(Misdeed misdeed, std::string_view serial) const;
  /// What of the voucher is to be signed anew; false: nothing, the honest one goes out.
  bool spoil(voucher::Voucher& content, Random& random) const;
  /// The key that signs what was spoilt; null: the MASA's own.
  const pki::Identity* false_signer(std::string_view serial) const;
  /// Of the owner that other_owner pins and audit_other_owner shows. Only where make() had something to do.
  const crypto::Certificate& other_owner() const { return false_->owner; }

 private:
  struct False {
    pki::Identity signing;
    crypto::Certificate owner;
  };
  std::vector<OrderedMisdeed> ordered_;
  std::optional<False> false_;
};

}  // namespace pratique::factory
