// The part of the catalogue of reasons (reasons.h) that is about credentials.
#pragma once

#include <vector>

#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

std::vector<Reason> credential_reasons();

}  // namespace pratique::registrar
