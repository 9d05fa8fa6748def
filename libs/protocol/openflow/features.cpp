#include "libs/protocol/openflow/features.h"

#include "libs/base/hex.h"
#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

std::string Features::datapath_text() const {
  Writer out;
  out.u64(datapath_id);
  return hex_encode(out.view());
}

Result<Features> parse_features(ByteView body) {
  Reader in(body, "features reply");
  TRY_VOID(in.need(24));
  Features features;
  features.datapath_id = in.u64();
  features.buffers = in.u32();
  features.tables = in.u8();
  features.auxiliary_id = in.u8();
  in.skip(2);
  features.capabilities = in.u32();
  return features;
}

}  // namespace pratique::openflow
