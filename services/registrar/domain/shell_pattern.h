// Shell patterns of policies and trust anchors: * any run of characters, ? one character, [a-z0-9] one of a set, [!…]
// one that is not, \ takes the next character literally. The whole text must match; upper and lower case differ.
// A pattern is read once. Matching takes at most |pattern| x |text| steps: no pattern makes it slower.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::registrar {

inline constexpr std::size_t kMaxPattern = 128;  // bytes

class ShellPattern {
 public:
  /// INVALID_ARGUMENT PATTERN_INVALID says what is wrong: too long, a set left open or empty, a range the wrong way
  /// round, a character beyond ASCII in a set, a \ at the end.
  static Result<ShellPattern> parse(std::string_view pattern);

  bool matches(std::string_view text) const;
  const std::string& text() const { return text_; }

 private:
  enum class Kind { literal, any, set, run };
  struct Piece {
    Kind kind = Kind::literal;
    char literal = 0;
    std::bitset<256> set = {};  // of lead bytes; a negated set holds those of characters beyond ASCII
  };
  static Result<Piece> parse_set(std::string_view pattern, std::size_t& at);
  /// Bytes of `text` from `at` that the piece takes, 0 if it does not fit.
  static std::size_t take(const Piece& piece, std::string_view text, std::size_t at);

  std::string text_;
  std::vector<Piece> pieces_;
};

/// An empty pattern means "no condition".
Result<void> check_pattern(std::string_view field, std::string_view pattern);
/// True for an empty pattern; false for one that cannot be read.
bool pattern_matches(std::string_view pattern, std::string_view text);

}  // namespace pratique::registrar
