#include "tools/pratique/terminal/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <istream>
#include <ostream>

#include "tools/pratique/terminal/printable.h"

namespace pratique::cli {
namespace {

constexpr std::size_t kLeastWidth = 40;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// ECMA-48 select graphic rendition.
std::string_view rendition(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::strong: return "1";
    case Tone::good: return "32";
    case Tone::bad: return "31";
    case Tone::waiting: return "33";
    case Tone::faint: return "2";
  }
  return "";
}

}  // namespace

ConsoleTraits traits_of_process() {
  ConsoleTraits out;
  out.can_ask = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
  if (isatty(STDOUT_FILENO) == 0) return out;
  out.colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  winsize size{};
  std::size_t width = std::strtoul(std::string(variable("COLUMNS")).c_str(), nullptr, 10);
  if (width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width > 0) out.width = std::max(width, kLeastWidth);
  return out;
}

std::string Console::painted(std::string_view text, Tone tone) const {
  const auto code = rendition(tone);
  if (!traits_.colour || code.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

void Console::line(std::string_view text) { out_ << printable(text) << "\n"; }
void Console::block(std::string_view lines) { out_ << lines; }
void Console::flush() { out_ << std::flush; }
void Console::next(std::string_view step) {
  out_ << "\n" << painted("next:", Tone::strong) << " " << printable(step) << "\n";
}
void Console::data(const json::Value& value) { data_text(value.dump()); }
void Console::data_text(std::string_view json_text) { out_ << json_text << std::endl; }
void Console::error_block(std::string_view lines) { err_ << lines; }
void Console::error_line(std::string_view text) { err_ << printable(text) << "\n"; }

Result<void> Console::confirm(std::string_view what, bool yes) {
  if (yes) return {};
  if (!traits_.can_ask)
    return invalid("CONFIRMATION_MISSING", "this would " + std::string(what) + "; say --yes where nobody can be asked");
  err_ << "This will " << printable(what) << ". Type 'yes' to go on: " << std::flush;
  std::string answer;
  std::getline(in_, answer);
  if (answer == "yes") return {};
  return Error{ErrorCode::cancelled, "ANSWER_NO", "nothing was changed"};
}

}  // namespace pratique::cli
