#include "tools/pratique/import_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "tools/pratique/csv.h"
#include "tools/pratique/names.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

constexpr std::array<std::string_view, 5> kColumns = {"serial", "manufacturer", "model", "segment", "location"};
constexpr std::string_view kSeparator("\0", 1);

Result<std::map<std::string, std::size_t, std::less<>>> columns_of(const CsvRecord& header) {
  std::map<std::string, std::size_t, std::less<>> out;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const auto& name = header.fields[i];
    if (std::ranges::find(kColumns, name) == kColumns.end())
      return invalid("IMPORT_HEADER_INVALID",
                     fmt::format("line {}: no column is called '{}'; there are serial, manufacturer, "
                                 "model, segment, location",
                                 header.line, name));
    if (!out.emplace(name, i).second)
      return invalid("IMPORT_HEADER_INVALID", fmt::format("line {}: column '{}' stands twice", header.line, name));
  }
  for (const auto needed : {"serial", "manufacturer"})
    if (!out.contains(needed))
      return invalid("IMPORT_HEADER_INVALID", fmt::format("line {}: there is no column '{}'", header.line, needed));
  return out;
}

// A UUID version 8 (RFC 9562 section 5.8) of what the row says.
std::string request_id_of(const v1::Device& device) {
  std::string content = "pratique devices import";
  for (const auto& part :
       {device.manufacturer(), device.serial_number(), device.model(), device.segment(), device.location()}) {
    content += kSeparator;
    content += part;
  }
  auto bytes = crypto::sha256(as_bytes(content));
  bytes.resize(16);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x80U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  auto text = hex_encode(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, "-");
  return text;
}

}  // namespace

Result<ImportPlan> plan_import(std::string_view text, const v1::ListManufacturersResponse& manufacturers) {
  TRY(const auto records, parse_csv(text));
  if (records.empty()) return invalid("IMPORT_HEADER_INVALID", "the file is empty");
  TRY(const auto columns, columns_of(records.front()));
  ImportPlan out;
  std::map<std::pair<std::string, std::string>, std::size_t> seen;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const auto& record = records[i];
    const auto field = [&](std::string_view name) {
      const auto column = columns.find(name);
      return column == columns.end() || column->second >= record.fields.size() ? std::string()
                                                                               : record.fields[column->second];
    };
    const auto serial = field("serial");
    const auto problem = [&](std::string_view code, std::string message) {
      out.problems.push_back({record.line, serial, std::string(code), std::move(message)});
    };
    if (record.fields.size() != columns.size()) {
      problem("ROW_INVALID", fmt::format("{} fields, the header has {}", record.fields.size(), columns.size()));
      continue;
    }
    if (serial.empty()) {
      problem("ROW_INVALID", "the serial number is empty");
      continue;
    }
    const auto maker = field("manufacturer");
    const auto named = resource_name("manufacturers", maker);
    const auto* known = named.empty() ? find_by_display_name(manufacturers, maker) : nullptr;
    if (named.empty() && known == nullptr) {
      problem("MANUFACTURER_UNKNOWN", fmt::format("no manufacturer is called '{}'", maker));
      continue;
    }
    const auto manufacturer = named.empty() ? known->name() : named;
    if (const auto [first, fresh] = seen.emplace(std::pair(manufacturer, serial), record.line); !fresh) {
      problem("ROW_REPEATED", fmt::format("the same device stands in line {}", first->second));
      continue;
    }
    ImportRow row{.line = record.line};
    auto& device = *row.request.mutable_device();
    device.set_serial_number(serial);
    device.set_manufacturer(manufacturer);
    device.set_model(field("model"));
    device.set_segment(field("segment"));
    device.set_location(field("location"));
    row.request.set_request_id(request_id_of(device));
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace pratique::cli
