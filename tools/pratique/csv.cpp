#include "tools/pratique/csv.h"

namespace pratique::cli {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  bool at_end() const { return rest_.empty(); }

  Result<CsvRecord> record() {
    CsvRecord out{.line = line_, .fields = {}};
    for (;;) {
      TRY(auto field, rest_.starts_with('"') ? quoted() : Result<std::string>(plain()));
      out.fields.push_back(std::move(field));
      if (rest_.starts_with(',')) {
        rest_.remove_prefix(1);
        continue;
      }
      if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
      if (rest_.empty()) return out;
      if (!rest_.starts_with('\n')) return bad("text stands behind a closing quote");
      rest_.remove_prefix(1);
      ++line_;
      return out;
    }
  }

 private:
  Error bad(std::string_view what) const {
    return invalid("CSV_INVALID", "line " + std::to_string(line_) + ": " + std::string(what));
  }

  std::string plain() {
    auto end = rest_.find_first_of(",\n");
    if (end == std::string_view::npos) end = rest_.size();
    auto field = rest_.substr(0, end);
    // A CR belongs to the line's end.
    if (field.ends_with('\r') && (end == rest_.size() || rest_[end] == '\n')) field.remove_suffix(1);
    rest_.remove_prefix(end);
    return std::string(field);
  }

  Result<std::string> quoted() {
    const auto begun = line_;
    std::string out;
    for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
      const char c = rest_.front();
      if (c == '"') {
        rest_.remove_prefix(1);
        if (!rest_.starts_with('"')) return out;
      } else if (c == '\n') {
        ++line_;
      }
      out += c;
    }
    line_ = begun;
    return bad("a quote does not end");
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text) {
  std::vector<CsvRecord> out;
  for (Reader reader(text); !reader.at_end();) {
    TRY(auto record, reader.record());
    if (record.fields.size() > 1 || !record.fields.front().empty()) out.push_back(std::move(record));
  }
  return out;
}

}  // namespace pratique::cli
