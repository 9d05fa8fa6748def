#include "tools/pratique/audit.h"

#include <fmt/format.h>
#include <pratique/registrar/v1/audit.pb.h>

#include <limits>

#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<void> list_entries(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListAuditEntriesRequest request;
  request.set_subject(arguments.text("subject"));
  request.set_actor(arguments.text("actor"));
  if (arguments.has("device")) {
    TRY(*request.mutable_subject(), device_name(context, arguments.text("device")));
  }
  TRY(const auto entries, list<v1::ListAuditEntriesResponse>(context.api, request, limit));
  return answer(context, entries, [&] {
    Table table({{"NUMBER"},
                 {"TIME"},
                 {"ACTOR"},
                 {"ACTION"},
                 {"SUBJECT", Column::shrinks},
                 {"REASON", Column::shrinks},
                 {"FACTS", Column::shrinks}});
    for (const auto& one : entries.entries())
      table.row({std::to_string(one.sequence()), exact_time_text(time_of(one.time())), one.actor(), one.action(),
                 one.subject(), one.reason(), pairs_text(one.facts())});
    table.print(context.console, "no entries");
    tell_cut(context, entries, entries.next_page_token());
    context.console.next("pratique audit verify");
  });
}

Result<void> verify(Context& context, const Arguments& arguments) {
  v1::VerifyAuditRequest request;
  TRY(const auto known, arguments.integer("known-sequence", 0, 1, std::numeric_limits<std::int64_t>::max()));
  if (arguments.has("known-sequence") != arguments.has("known-hash"))
    return invalid("ARGUMENT_INVALID", "--known-sequence and --known-hash belong together");
  request.set_known_sequence(known);
  request.set_known_hash(arguments.text("known-hash"));
  TRY(const auto verdict, context.api.call<v1::VerifyAuditResponse>(request));
  TRY_VOID(answer(context, verdict, [&] {
    Details details;
    details.add("chain", state_cell(verdict.intact() ? "intact" : "broken"));
    details.add("entries", std::to_string(verdict.entries())).add("head", verdict.head_hash());
    details.add("first bad entry", verdict.intact() ? "" : std::to_string(verdict.broken_sequence()));
    details.add("what is wrong", Cell(verdict.problem(), Tone::bad));
    details.print(context.console);
    context.console.next(
        verdict.intact()
            ? fmt::format(
                  "keep this outside the database; later: pratique audit verify --known-sequence {} --known-hash {}",
                  verdict.entries(), verdict.head_hash())
            : std::string("compare with a backup of the database; find out who could write to it"));
  }));
  if (verdict.intact()) return {};
  return Error{
      ErrorCode::data_loss, "AUDIT_BROKEN",
      fmt::format("entry {} of the audit log does not verify: {}", verdict.broken_sequence(), verdict.problem())};
}

}  // namespace

std::vector<Command> audit_commands() {
  return {{.words = "audit list",
           .help = "what was decided and done, newest first",
           .options = {Option::text("subject", "NAME", "about this resource, e.g. policies/UUID"),
                       Option::text("device", "DEVICE", "about this device"),
                       Option::text("actor", "WHO", "by operator/NAME or service/NAME"), limit_option()},
           .run = list_entries},
          {.words = "audit verify",
           .help = "recompute the whole chain; fails where an entry was altered, cut off or put in",
           .options = {Option::text("known-sequence", "N", "a head that was seen before …"),
                       Option::text("known-hash", "HEX", "… and its hash: nothing was cut off since")},
           .run = verify}};
}

}  // namespace pratique::cli
