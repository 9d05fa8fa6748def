#include "services/registrar/app/revocation_follower.h"

#include "libs/pg/events.h"
#include "services/registrar/app/catalogue.h"

namespace pratique::registrar {
namespace {

constexpr std::chrono::seconds kLimit{5};
constexpr int kPage = 200;
constexpr std::chrono::seconds kTellAgain{60};

bool ends_credential(std::string_view type) {
  return type == "credential.revoked" || type == "credential.superseded";
}

}  // namespace

void RevocationFollower::turn() {
  tell(responder_.renew(), "responder");
  tell(follow(), "events");
  tell(lists_.refresh(told_), "list");
}

// The first time, and where the place in the events is lost: everything may have changed.
Result<void> RevocationFollower::follow() {
  if (cursor_) {
    auto read = read_on(*cursor_);
    if (read || read.error().code != ErrorCode::out_of_range) return read;
    cursor_.reset();
  }
  TRY(const auto head, pool_.look(pg::within(kLimit), [](pg::Tx& tx) { return pg::outbox::head(tx); }));
  responder_.forget_all();
  cursor_ = head;
  told_ = {.of_any = head};
  return {};
}

Result<void> RevocationFollower::read_on(std::int64_t cursor) {
  for (;;) {
    TRY(const auto page,
        pool_.look(pg::within(kLimit), [&](pg::Tx& tx) { return pg::outbox::read(tx, cursor, kPage); }));
    for (const auto& event : page) {
      if (ends_credential(event.type)) {
        const auto facts = pg::event_facts(event);
        if (facts && facts->contains("certificate_serial")) responder_.forget(facts->at("certificate_serial"));
        else responder_.forget_all();
        if (facts && facts->contains("authority_key_id")) told_.of[facts->at("authority_key_id")] = event.sequence;
        else told_.of_any = event.sequence;
      }
      cursor_ = cursor = event.sequence;
    }
    if (page.size() < kPage) return {};
  }
}

void RevocationFollower::tell(const Result<void>& done, std::string_view task) {
  const auto now = std::chrono::steady_clock::now();
  const auto failing = failing_.find(task);
  if (done) {
    if (failing != failing_.end()) failing_.erase(failing);
    return;
  }
  if (failing != failing_.end() && now - failing->second < kTellAgain) return;
  failing_.insert_or_assign(std::string(task), now);
  log_.write(kRevocationFailed, done.error(), {{"task", task}});
}

}  // namespace pratique::registrar
