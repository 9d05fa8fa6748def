#include "tools/pratique/audit.h"

#include <fmt/format.h>
#include <pratique/registrar/v1/audit.pb.h>

#include <limits>
#include <optional>
#include <string>

#include "tools/pratique/audit_proof.h"
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

/// --<name>-sequence, which goes with --<name>-hash; 0 where neither is there.
Result<std::int64_t> sequence_of(const Arguments& arguments, const std::string& name) {
  if (arguments.has(name + "-sequence") != arguments.has(name + "-hash"))
    return invalid("ARGUMENT_INVALID", fmt::format("--{0}-sequence and --{0}-hash belong together", name));
  return arguments.integer(name + "-sequence", 0, 1, std::numeric_limits<std::int64_t>::max());
}

/// Tells on stderr how far it is, and how to go on if it gets no further.
Result<AuditVerdict> prove(Context& context, const AuditQuestion& question) {
  std::optional<AuditVerdict> last;
  auto verdict = prove_audit(
      question, [&](const AuditQuestion& part) { return context.api.call<AuditVerdict>(part); },
      [&](const AuditVerdict& part) {
        context.console.error_line(fmt::format("{} of {} entries are good", part.entries(), part.log_entries()));
        last = part;
      });
  if (!verdict && last) {
    auto go_on = fmt::format("to go on: pratique audit verify --after-sequence {} --after-hash {}", last->entries(),
                             last->head_hash());
    if (question.known_sequence() > last->entries())
      go_on += fmt::format(" --known-sequence {} --known-hash {}", question.known_sequence(), question.known_hash());
    context.console.error_line(go_on);
  }
  return verdict;
}

Result<void> verify(Context& context, const Arguments& arguments) {
  AuditQuestion question;
  TRY(const auto known, sequence_of(arguments, "known"));
  TRY(const auto after, sequence_of(arguments, "after"));
  question.set_known_sequence(known);
  question.set_known_hash(arguments.text("known-hash"));
  question.set_after_sequence(after);
  question.set_after_hash(arguments.text("after-hash"));
  TRY(const auto verdict, prove(context, question));
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
                       Option::text("known-hash", "HEX", "… and its hash: nothing was cut off since"),
                       Option::text("after-sequence", "N", "look only behind a head that was proven before …"),
                       Option::text("after-hash", "HEX", "… and its hash")},
           .run = verify}};
}

}  // namespace pratique::cli
