#include "libs/protocol/openflow/table_stats.h"

#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

Result<std::vector<TableStats>> parse_table_stats(ByteView body) {
  std::vector<TableStats> out;
  Reader in(body, "table statistics");
  while (!in.at_end()) {
    TRY_VOID(in.need(24));
    TableStats table;
    table.table = in.u8();
    in.skip(3);
    table.flows = in.u32();
    table.lookups = in.u64();
    table.matches = in.u64();
    out.push_back(table);
  }
  return out;
}

}  // namespace pratique::openflow
