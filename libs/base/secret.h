// Bytes that are wiped when they go: private keys, passwords, data keys. They have no operator<< and no
// implicit way to text, so that a log line cannot show one by accident.
#pragma once

#include "libs/base/bytes.h"

namespace pratique {

class Secret {
 public:
  Secret() = default;
  explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
  explicit Secret(std::string_view text) : bytes_(to_bytes(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  /// The bytes, for the call that needs them. Do not keep the view.
  ByteView reveal() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }

 private:
  void wipe() noexcept;
  Bytes bytes_;
};

}  // namespace pratique
