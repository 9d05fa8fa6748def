#include "libs/pg/rows.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "libs/base/hex.h"
#include "libs/pg/row_data.h"

namespace pratique::pg {
namespace {

// Where a value stands; NULL or not.
struct Cell {
  const PGresult* answer;
  int row, column;
  bool is_null() const { return PQgetisnull(answer, row, column) == 1; }
  std::string_view text() const {
    return {PQgetvalue(answer, row, column), static_cast<std::size_t>(PQgetlength(answer, row, column))};
  }
};

Cell cell(const RowData& data, std::size_t index, std::string_view column) {
  if (index >= static_cast<std::size_t>(PQntuples(data.answer.get()))) throw RowDefect(column, "there is no such row");
  const auto found = std::ranges::find(data.columns, column);
  if (found == data.columns.end()) throw RowDefect(column, "the statement gives no such column");
  return {data.answer.get(), static_cast<int>(index), static_cast<int>(found - data.columns.begin())};
}

std::string_view value(const RowData& data, std::size_t index, std::string_view column) {
  const auto found = cell(data, index, column);
  if (found.is_null()) throw RowDefect(column, "it is NULL");
  return found.text();  // the answer owns the bytes
}

template <typename T>
T number(std::string_view text, std::string_view column) {
  T out{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc{} || end != text.data() + text.size()) throw RowDefect(column, "it is not such a number");
  return out;
}

// The text form of section 8.15.6: quotes where needed, backslash escapes inside them.
std::vector<std::string> elements(std::string_view text, std::string_view column) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') throw RowDefect(column, "it is no array");
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string element;
    const bool quoted = text[at] == '"';
    if (quoted) {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
        if (at < text.size()) element += text[at];
      }
      ++at;
    } else {
      for (; at < text.size() && text[at] != ','; ++at) element += text[at];
      if (element == "NULL") throw RowDefect(column, "the array holds a NULL");
      if (element.starts_with('{')) throw RowDefect(column, "the array has more than one dimension");
    }
    out.push_back(std::move(element));
    if (at < text.size() && text[at] != ',') throw RowDefect(column, "it is no array");
    ++at;
  }
  return out;
}

}  // namespace

RowDefect::RowDefect(std::string_view column, std::string_view what)
    : std::logic_error(fmt::format("column '{}': {}", column, what)) {}

bool Row::is_null(std::string_view column) const { return cell(*data_, index_, column).is_null(); }

std::string Row::text(std::string_view column) const { return std::string(value(*data_, index_, column)); }

std::int64_t Row::integer(std::string_view column) const {
  return number<std::int64_t>(value(*data_, index_, column), column);
}

double Row::real(std::string_view column) const { return number<double>(value(*data_, index_, column), column); }

bool Row::boolean(std::string_view column) const {
  const auto text = value(*data_, index_, column);
  if (text != "t" && text != "f") throw RowDefect(column, "it is no boolean");
  return text == "t";
}

// "2026-11-24 06:38:27.25+00": ISO style, UTC, as session_settings() asks for.
Timestamp Row::timestamp(std::string_view column) const {
  std::string text(value(*data_, index_, column));
  if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) throw RowDefect(column, "it is no timestamptz");
  text[10] = 'T';
  text.replace(text.size() - 3, 3, "Z");
  auto out = parse_rfc3339(text);
  if (!out) throw RowDefect(column, out.error().message);
  return *out;
}

Bytes Row::bytes(std::string_view column) const {
  const auto text = value(*data_, index_, column);
  if (!text.starts_with("\\x")) throw RowDefect(column, "it is no bytea");
  auto out = hex_decode(text.substr(2));
  if (!out) throw RowDefect(column, out.error().message);
  return *std::move(out);
}

std::vector<std::string> Row::texts(std::string_view column) const {
  return elements(value(*data_, index_, column), column);
}

std::optional<std::string> Row::optional_text(std::string_view column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}
std::optional<std::int64_t> Row::optional_integer(std::string_view column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<bool> Row::optional_boolean(std::string_view column) const {
  return is_null(column) ? std::nullopt : std::optional(boolean(column));
}
std::optional<double> Row::optional_real(std::string_view column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}
std::optional<Timestamp> Row::optional_timestamp(std::string_view column) const {
  return is_null(column) ? std::nullopt : std::optional(timestamp(column));
}
std::optional<Bytes> Row::optional_bytes(std::string_view column) const {
  return is_null(column) ? std::nullopt : std::optional(bytes(column));
}

std::size_t Rows::size() const { return static_cast<std::size_t>(PQntuples(data_->answer.get())); }

// "" where nothing was to be touched.
std::int64_t Rows::affected() const {
  const std::string_view text = PQcmdTuples(data_->answer.get());
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace pratique::pg
