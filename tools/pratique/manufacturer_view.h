// Manufacturers for people.
#pragma once

#include <pratique/registrar/v1/manufacturer.pb.h>

#include "tools/pratique/context.h"

namespace pratique::cli {

void print_manufacturers(Context& context, const registrar::v1::ListManufacturersResponse& manufacturers);
void print_manufacturer(Context& context, const registrar::v1::Manufacturer& manufacturer);

}  // namespace pratique::cli
