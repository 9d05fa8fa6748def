#include "services/registrar/domain/voucher_record.h"

#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

constexpr std::size_t kMaxAssertion = 32;
constexpr std::size_t kMaxSubject = 1024;
constexpr std::size_t kSha256Hex = 64;

}  // namespace

Result<void> check_voucher(const VoucherRecord& record) {
  if (record.device.empty()) return field_invalid("device", "is required");
  if (record.session.empty()) return field_invalid("session", "is required");
  TRY_VOID(check_text("serial_number", record.serial_number, kMaxSerialNumber, Presence::required));
  TRY_VOID(check_word("assertion", record.assertion, kMaxAssertion, Presence::required));
  TRY_VOID(check_text("signer", record.signer, kMaxSubject, Presence::optional));
  TRY_VOID(check_word("pinned_fingerprint", record.pinned_fingerprint, kSha256Hex, Presence::optional));
  TRY_VOID(check_text("masa_url", record.masa_url, kMaxUrl, Presence::optional));
  return {};
}

}  // namespace pratique::registrar
