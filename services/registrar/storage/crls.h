// Each issuer's newest list of revocations (CRL), as all replicas publish it.
//
// One replica makes a list: whoever claims the number before it. It reads, signs and publishes in steps, so that no
// transaction is held while a key signs; the number decides again at the end, so that no two lists ever have one number.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"

namespace pratique::registrar {

/// For how long nobody else begins. After a crash the next list is late by this much.
inline constexpr std::chrono::seconds kCrlClaim{5};

struct CrlHead {
  std::string issuer_key_id;
  std::int64_t number = 0;
  std::int64_t through_event = 0;  // of the outbox: what was told up to it is in the list
  Timestamp this_update = {};
  Timestamp next_update = {};
};
struct StoredCrl : CrlHead {
  Bytes der;
};

/// Of every issuer that ever had one. One statement.
Result<std::vector<CrlHead>> list_crls(pg::Tx& tx);
Result<std::optional<StoredCrl>> find_crl(pg::Tx& tx, std::string_view issuer_key_id);
/// Am I the one to make the list after this number (0: the first)?
Result<bool> claim_crl(pg::Tx& tx, std::string_view issuer_key_id, std::int64_t after);
/// Takes the place of number `after`, and wakes whoever follows the outbox; false where another list did before.
Result<bool> publish_crl(pg::Tx& tx, const StoredCrl& crl, std::int64_t after);

}  // namespace pratique::registrar
