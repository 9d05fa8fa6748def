// What relying parties are told of credentials: by their serial number, issuer by issuer (domain/revocation_urls.h).
//
// Revoked is every credential that ended: by an operator's word (`unspecified`: the words are the operator's own),
// because the device was reset or retired (`cessationOfOperation`), or because another took its place (`superseded`).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/crypto/revocation/crl.h"
#include "libs/pg/tx.h"

namespace pratique::registrar {

/// Those of an issuer that are revoked and end after `valid_after`; in no order.
Result<std::vector<crypto::CrlEntry>> list_revocations(pg::Tx& tx, std::string_view issuer_key_id,
                                                       Timestamp valid_after);
/// By serial number (lower-case hex): its revocation, or nothing for one that is in force. Absent: never issued. One
/// statement.
Result<std::map<std::string, std::optional<crypto::Revocation>>> find_revocations(
    pg::Tx& tx, std::string_view issuer_key_id, const std::vector<std::string>& serials);

}  // namespace pratique::registrar
