#include "tools/pratique/device_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/csv.h"
#include "tools/pratique/file_text.h"
#include "tools/pratique/import_rows.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

struct Report {
  std::size_t created = 0, known = 0;
  std::vector<ImportProblem> failed;
};

json::Value to_json(const Report& report) {
  auto failed = json::Value::array();
  for (const auto& problem : report.failed) {
    auto one = json::Value::object();
    one.set("line", static_cast<std::int64_t>(problem.line)).set("serialNumber", problem.serial_number);
    one.set("code", problem.code).set("message", problem.message);
    failed.push_back(std::move(one));
  }
  auto out = json::Value::object();
  out.set("created", static_cast<std::int64_t>(report.created)).set("known", static_cast<std::int64_t>(report.known));
  out.set("failed", std::move(failed));
  return out;
}

void tell(Context& context, const Report& report, bool dry, const std::string& file) {
  if (context.console.json()) return context.console.data(to_json(report));
  Table table({{"LINE"}, {"SERIAL"}, {"CODE"}, {"WHAT IS WRONG", Column::shrinks}});
  for (const auto& problem : report.failed)
    table.row({std::to_string(problem.line), problem.serial_number, Cell(problem.code, Tone::bad), problem.message});
  if (table.size() > 0) table.print(context.console);
  context.console.line(dry ? fmt::format("{} devices can be announced, {} rows are wrong; nothing was changed",
                                         report.created, report.failed.size())
                           : fmt::format("{} devices announced, {} were known, {} failed", report.created, report.known,
                                         report.failed.size()));
  const auto again = "pratique devices import " + shell_word(file);
  context.console.next(!report.failed.empty() ? "mend these lines, then: " + again + " (what is done stays done)"
                       : dry                  ? again
                                              : std::string("pratique devices list --state expected"));
}

// Errors after which no other row would fare better.
bool is_about_us(const Error& error) {
  switch (error.code) {
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded:
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied:
    case ErrorCode::cancelled: return true;
    default: return error.reason == "CONNECTION_INCOMPLETE";
  }
}

Result<void> import_devices(Context& context, const Arguments& arguments) {
  const auto& file = arguments.text("FILE");
  TRY(const auto text, load_text(file, kMaxCsvBytes));
  TRY(const auto manufacturers,
      list<v1::ListManufacturersResponse>(context.api, v1::ListManufacturersRequest(), kAllOfThem));
  TRY(auto plan, plan_import(text, manufacturers).with_context(file));
  const bool dry = arguments.has("dry-run");
  Report report{.failed = std::move(plan.problems)};
  if (dry) report.created = plan.rows.size();
  for (std::size_t i = 0; !dry && i < plan.rows.size(); ++i) {
    const auto& row = plan.rows[i];
    const auto created = context.api.call<v1::Device>(row.request);
    if (created) {
      ++report.created;
    } else if (created.error().code == ErrorCode::already_exists) {
      ++report.known;
    } else if (is_about_us(created.error())) {
      tell(context, report, dry, file);
      return Error(created.error())
          .with_context(fmt::format("stopped at line {}, {} of {} rows to go; run it again to go on", row.line,
                                    plan.rows.size() - i, plan.rows.size()));
    } else {
      report.failed.push_back(
          {row.line, row.request.device().serial_number(), created.error().reason, created.error().message});
    }
  }
  std::ranges::sort(report.failed, {}, &ImportProblem::line);
  tell(context, report, dry, file);
  if (report.failed.empty()) return {};
  return failed_precondition("IMPORT_INCOMPLETE",
                             fmt::format("{} rows of {} were not imported", report.failed.size(), file));
}

}  // namespace

std::vector<Command> import_commands() {
  return {
      {.words = "devices import",
       .help = "announce many devices: CSV with the header serial,manufacturer,model,segment,location; may be repeated",
       .operands = {{"FILE", "the list"}},
       .options = {Option::flag("dry-run", "check the file alone")},
       .run = import_devices}};
}

}  // namespace pratique::cli
