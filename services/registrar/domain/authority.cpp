#include "services/registrar/domain/authority.h"

namespace pratique::registrar {

Result<void> check_answer(const CertificateOrder& order, const crypto::Certificate& certificate) {
  const auto wrong = [](std::string_view what) {
    return internal("AUTHORITY_ANSWER_WRONG", "the authority's certificate " + std::string(what));
  };
  if (!(certificate.public_key() == order.key)) return wrong("is for another key");
  if (certificate.is_ca()) return wrong("is one of a CA");
  if (certificate.subject_serial_number() != order.names.subject.serial_number)
    return wrong("is for another serial number");
  if (certificate.common_name() != order.names.subject.common_name) return wrong("has another common name");
  if (!(certificate.subject_alt_names() == order.names.alt_names)) return wrong("has other alternative names");
  if (certificate.not_after() > order.not_after) return wrong("is valid for longer than was ordered");
  return {};
}

}  // namespace pratique::registrar
