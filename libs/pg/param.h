// One argument of a statement, in PostgreSQL's text form. Made implicitly from our own value types, so that
// tx.run(kInsert, id, name, clock.now(), ByteView(sealed), std::nullopt) reads like a call.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/id.h"
#include "libs/base/timestamp.h"

namespace pratique::pg {

class Param {
 public:
  Param(std::nullopt_t) {}                                     // NOLINT: implicit by design, here and below; NULL
  Param(std::string_view text) : text_(std::string(text)) {}   // NOLINT
  Param(const std::string& text) : text_(text) {}              // NOLINT
  Param(const char* text) : text_(std::string(text)) {}        // NOLINT
  template <std::same_as<bool> B>
  Param(B flag) : text_(flag ? "t" : "f") {}                   // NOLINT
  template <std::integral I>
    requires(!std::same_as<I, bool> && !std::same_as<I, char>)
  Param(I number) : text_(std::to_string(number)) {}           // NOLINT
  Param(double number);                                        // NOLINT
  Param(Timestamp time);                                       // NOLINT: timestamptz
  Param(ByteView bytes);                                       // NOLINT: bytea
  Param(const Bytes& bytes) : Param(ByteView(bytes)) {}        // NOLINT: bytea
  Param(const std::vector<std::string>& texts);                // NOLINT: text[] (or uuid[], …)
  /// uuid; an empty id is NULL.
  template <typename Tag>
  Param(const Id<Tag>& id) {                                   // NOLINT
    if (!id.empty()) text_ = id.text();
  }
  /// A set optional is its value, an empty one NULL.
  template <typename T>
  Param(const std::optional<T>& value) {                       // NOLINT
    if (value) *this = Param(*value);
  }

  bool is_null() const { return !text_.has_value(); }
  /// PostgreSQL's input text; only if not NULL.
  const std::string& text() const { return *text_; }

 private:
  std::optional<std::string> text_;
};

}  // namespace pratique::pg
