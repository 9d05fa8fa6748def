#include "services/registrar/domain/protocol_reasons.h"

#include "libs/protocol/brski/status.h"
#include "libs/protocol/est/reasons.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::registrar {

std::vector<Reason> protocol_reasons() {
  std::vector<Reason> out;
  // What a code means is no secret (its text goes to the device, brski/status.h); what was seen is.
  for (const auto& reason : voucher::reasons())
    out.push_back({std::string(reason.code), std::string(reason.meaning), std::string(reason.remedy),
                   std::string(reason.meaning), brski::registrar_status(reason.code)});
  for (const auto& reason : est::reasons())
    out.push_back({std::string(reason.code), std::string(reason.meaning), std::string(reason.remedy),
                   std::string(reason.meaning), reason.http_status == 0 ? 200 : reason.http_status});
  return out;
}

}  // namespace pratique::registrar
