// The part of the catalogue of reasons (reasons.h) that the protocols themselves speak of: what onboarding reports of
// voucher requests, vouchers, MASAs, audit logs (libs/protocol/voucher, brski) and enrolments (libs/protocol/est).
#pragma once

#include <vector>

#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

std::vector<Reason> protocol_reasons();

}  // namespace pratique::registrar
