// An adapter for whoever only looks at a switch: the one that this replica keeps, or, where another replica keeps the
// switch, one that is made for the occasion and ends with it. It is not watched, so nothing is told twice.
#pragma once

#include "services/network/kept_adapters.h"

namespace pratique::network {

class AnyAdapters final : public AdapterBook {
 public:
  /// All outlive it.
  AnyAdapters(pg::Pool& pool, KeptAdapters& kept, KeptAdapters::Make make)
      : pool_(pool), kept_(kept), make_(std::move(make)) {}

  Result<std::shared_ptr<SwitchAdapter>> find(const SwitchId& on_switch) override;

 private:
  pg::Pool& pool_;
  KeptAdapters& kept_;
  const KeptAdapters::Make make_;
};

}  // namespace pratique::network
