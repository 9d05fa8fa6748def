// Texts for a terminal. Serial numbers, models and messages may come from a hostile device: control characters would
// move the cursor or fake lines, and bidirectional overrides would show another order than the true one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pratique::cli {

/// Control characters, line and paragraph separators, bidirectional controls and bytes that are no UTF-8 become
/// visible escapes ("\x1b", "\u{202e}").
std::string printable(std::string_view text);
/// Characters, each taken as one column wide.
std::size_t display_width(std::string_view utf8);
/// At most `width` characters; a cut shows as "…" at the end.
std::string shortened(std::string_view utf8, std::size_t width);
/// As one word of a POSIX shell: quoted only where it must be.
std::string shell_word(std::string_view text);

}  // namespace pratique::cli
