// The operator's terminal: answers on stdout, errors and questions on stderr.
//
//   if (console.json()) return console.data(value);        // scripts get one JSON value and nothing else
//   console.line("device 00-D0-E5-F2-00-02 is quarantined");
//   console.next("pratique devices explain 00-D0-E5-F2-00-02");
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"

namespace pratique::cli {

enum class Tone { plain, strong, good, bad, waiting, faint };

struct ConsoleTraits {
  bool colour = false;    // stdout is a terminal and NO_COLOR is unset
  std::size_t width = 0;  // columns of the terminal; 0: as wide as need be
  bool can_ask = false;   // somebody sits at stdin
};
/// Of this process's own streams; NO_COLOR, TERM=dumb and COLUMNS are honoured.
ConsoleTraits traits_of_process();

class Console {
 public:
  Console(std::istream& in, std::ostream& out, std::ostream& err, ConsoleTraits traits)
      : in_(in), out_(out), err_(err), traits_(traits) {}

  /// Scripts are to be answered: `--output json`.
  bool json() const { return json_; }
  void set_json(bool json) { json_ = json; }
  const ConsoleTraits& traits() const { return traits_; }

  /// `text` in the colour of its tone, where there are colours.
  std::string painted(std::string_view text, Tone tone) const;

  /// One line, made printable.
  void line(std::string_view text);
  /// Lines that are ready as they are (tables).
  void block(std::string_view lines);
  /// Shows at once what was written; for answers that go on.
  void flush();
  /// The likely next step: the last line of every answer for people.
  void next(std::string_view step);
  /// A line of JSON.
  void data(const json::Value& value);
  void data_text(std::string_view json_text);

  /// Lines for people on stderr, even under --output json.
  void error_line(std::string_view text);
  void error_block(std::string_view lines);

  /// `what` is a question's subject: "retire 00-D0-… for good". INVALID_ARGUMENT CONFIRMATION_MISSING where nobody can
  /// be asked and `yes` was not given, CANCELLED ANSWER_NO.
  Result<void> confirm(std::string_view what, bool yes);

 private:
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
  ConsoleTraits traits_;
  bool json_ = false;
};

}  // namespace pratique::cli
