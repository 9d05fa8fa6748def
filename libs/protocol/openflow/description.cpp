#include "libs/protocol/openflow/description.h"

#include "libs/protocol/openflow/fixed_text.h"

namespace pratique::openflow {

Result<Description> parse_description(ByteView body) {
  Reader in(body, "description");
  TRY_VOID(in.need(4 * 256 + 32));
  Description out;
  out.manufacturer = read_fixed_text(in, 256);
  out.hardware = read_fixed_text(in, 256);
  out.software = read_fixed_text(in, 256);
  out.serial_number = read_fixed_text(in, 32);
  out.datapath = read_fixed_text(in, 256);
  return out;
}

}  // namespace pratique::openflow
