#include "services/registrar/domain/shell_pattern.h"

#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

Error bad(std::string_view problem) { return invalid("PATTERN_INVALID", problem); }
std::size_t index(char c) { return static_cast<unsigned char>(c); }
bool is_ascii(char c) { return index(c) < 0x80; }

}  // namespace

Result<ShellPattern> ShellPattern::parse(std::string_view pattern) {
  if (pattern.size() > kMaxPattern) return bad("pattern is longer than " + std::to_string(kMaxPattern) + " bytes");
  ShellPattern out;
  out.text_ = pattern;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    switch (pattern[at]) {
      case '*':
        if (out.pieces_.empty() || out.pieces_.back().kind != Kind::run) out.pieces_.push_back({.kind = Kind::run});
        break;
      case '?':
        out.pieces_.push_back({.kind = Kind::any});
        break;
      case '[': {
        TRY(auto set, parse_set(pattern, at));
        out.pieces_.push_back(std::move(set));
        break;
      }
      case '\\':
        if (++at == pattern.size()) return bad("pattern ends in \\");
        [[fallthrough]];
      default:
        out.pieces_.push_back({.kind = Kind::literal, .literal = pattern[at]});
    }
  }
  return out;
}

/// `at` stands on '[' before and on ']' after. A ']' right after the opening is a member (POSIX.2 section 2.13.1).
Result<ShellPattern::Piece> ShellPattern::parse_set(std::string_view pattern, std::size_t& at) {
  Piece piece{.kind = Kind::set};
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  for (const std::size_t first = i;; ++i) {
    if (i >= pattern.size()) return bad("a set is not closed by ]");
    if (pattern[i] == ']' && i != first) break;
    const char low = pattern[i];
    char high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      high = pattern[i + 2];
      i += 2;
    }
    if (!is_ascii(low) || !is_ascii(high)) return bad("a set may hold ASCII characters only");
    if (low > high) return bad("a range in a set runs backwards");
    for (std::size_t c = index(low); c <= index(high); ++c) piece.set.set(c);
  }
  if (negated) piece.set.flip();
  at = i;
  return piece;
}

std::size_t ShellPattern::take(const Piece& piece, std::string_view text, std::size_t at) {
  if (piece.kind == Kind::literal) return text[at] == piece.literal ? 1 : 0;
  if (piece.kind == Kind::set && !piece.set.test(index(text[at]))) return 0;
  std::size_t length = 1;  // one UTF-8 character: a lead byte and its continuations
  if (!is_ascii(text[at]))
    while (at + length < text.size() && length < 4 && (index(text[at + length]) & 0xC0) == 0x80) ++length;
  return length;
}

/// Only the last * seen needs to be tried again: an earlier one could take no less without losing what follows it.
bool ShellPattern::matches(std::string_view text) const {
  std::size_t at = 0, piece = 0;
  std::size_t retry_at = 0, retry_piece = 0;
  bool may_retry = false;
  while (at < text.size()) {
    if (piece < pieces_.size() && pieces_[piece].kind == Kind::run) {
      may_retry = true;
      retry_piece = ++piece;
      retry_at = at;
      continue;
    }
    if (const auto taken = piece < pieces_.size() ? take(pieces_[piece], text, at) : 0; taken > 0) {
      at += taken;
      ++piece;
      continue;
    }
    if (!may_retry) return false;
    at = ++retry_at;
    piece = retry_piece;
  }
  while (piece < pieces_.size() && pieces_[piece].kind == Kind::run) ++piece;
  return piece == pieces_.size();
}

Result<void> check_pattern(std::string_view field, std::string_view pattern) {
  TRY_VOID(check_text(field, pattern, kMaxPattern, Presence::optional));
  if (const auto parsed = ShellPattern::parse(pattern); !parsed) return field_invalid(field, parsed.error().message);
  return {};
}

bool pattern_matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  const auto parsed = ShellPattern::parse(pattern);
  return parsed && parsed->matches(text);
}

}  // namespace pratique::registrar
