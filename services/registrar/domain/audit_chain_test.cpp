#include "services/registrar/domain/audit_chain.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

AuditRecord record(int number) {
  return {
      "operator/ada", "device.create", "devices/" + std::to_string(number), "spare part", {{"serial_number", "S-1"}}};
}

void rehash(AuditEntry& entry) { entry.hash = audit_hash(entry); }

std::vector<AuditEntry> chain_of(int length) {
  std::vector<AuditEntry> chain;
  Bytes previous = audit_genesis();
  for (int i = 1; i <= length; ++i) {
    AuditEntry entry{i, Timestamp(std::chrono::seconds(1'000 + i)), record(i), previous, {}};
    rehash(entry);
    previous = entry.hash;
    chain.push_back(entry);
  }
  return chain;
}

AuditHead head_of(const std::vector<AuditEntry>& chain) {
  return chain.empty() ? AuditHead{} : AuditHead{chain.back().sequence, chain.back().hash};
}

AuditChainVerdict verify(const std::vector<AuditEntry>& chain, AuditChainExpectation expected) {
  AuditChainCheck check(std::move(expected));
  for (const auto& entry : chain) (void)check.take(entry);
  return check.finish();
}

}  // namespace

TEST_CASE("the canonical form of an audit entry never changes") {
  AuditEntry entry{1, Timestamp(std::chrono::microseconds(1'700'000'000'000'001)), record(1), audit_genesis(), {}};
  // Computed apart from this code: SHA-256 of the bytes that the header's format describes.
  CHECK(hex_encode(audit_hash(entry)) == "42fd3f8092bf200a3cffbbb0debe919ff908ae09e78fcc04fec8c8cf715e6a27");
}

TEST_CASE("every field of an audit entry is in its hash") {
  const AuditEntry good = chain_of(1).front();
  const auto differs = [&](auto change) {
    AuditEntry other = good;
    change(other);
    return audit_hash(other) != good.hash;
  };
  CHECK_FALSE(differs([](AuditEntry&) {}));
  CHECK(differs([](AuditEntry& e) { e.sequence = 2; }));
  CHECK(differs([](AuditEntry& e) { e.time += std::chrono::microseconds(1); }));
  CHECK(differs([](AuditEntry& e) { e.record.actor = "operator/eve"; }));
  CHECK(differs([](AuditEntry& e) { e.record.action = "device.delete"; }));
  CHECK(differs([](AuditEntry& e) { e.record.subject += "0"; }));
  CHECK(differs([](AuditEntry& e) { e.record.reason.clear(); }));
  CHECK(differs([](AuditEntry& e) { e.record.facts["serial_number"] = "S-2"; }));
  CHECK(differs([](AuditEntry& e) { e.record.facts["more"] = ""; }));
  CHECK(differs([](AuditEntry& e) { e.previous_hash[31] ^= 1; }));
  // A boundary that moves between two texts.
  CHECK(differs([](AuditEntry& e) { e.record.actor = "operator/adad"; e.record.action = "evice.create"; }));
}

TEST_CASE("an audit record is made storable") {
  AuditRecord odd = record(1);
  odd.reason = std::string("a\0b\xFF\xC3\xA4", 6);
  odd.facts["long"] = std::string(kMaxAuditText + 5, 'x');
  for (int i = 0; i < 100; ++i) odd.facts["fact" + std::to_string(i)] = "";
  const AuditRecord stored = storable(odd);
  CHECK(stored.reason == "a\xEF\xBF\xBD" "b\xEF\xBF\xBD\xC3\xA4");
  CHECK(stored.facts.size() == kMaxAuditFacts);
  for (const auto& [name, value] : stored.facts) CHECK(value.size() <= kMaxAuditText);
  // No character is cut in two.
  AuditRecord wide = record(1);
  wide.reason = std::string(kMaxAuditText - 1, 'x') + "\xC3\xA4";
  CHECK(storable(wide).reason.size() == kMaxAuditText - 1);
  // What is storable stays as it is.
  CHECK(storable(stored).facts == stored.facts);
  CHECK(storable(record(7)).subject == record(7).subject);
}

TEST_CASE("a whole audit chain is intact") {
  CHECK(verify({}, {}).intact());
  const auto chain = chain_of(5);
  const auto verdict = verify(chain, {head_of(chain), AuditHead{3, chain[2].hash}});
  CHECK(verdict.intact());
  CHECK(verdict.entries == 5);
  CHECK(verdict.head_hash == chain.back().hash);
  CHECK(verdict.problem.empty());
}

TEST_CASE("what was done to an audit chain is found and named") {
  const auto whole = chain_of(6);
  const AuditHead head = head_of(whole);
  auto chain = whole;
  const auto found = [&](std::int64_t sequence, std::string_view words, AuditChainExpectation expected) {
    const auto verdict = verify(chain, std::move(expected));
    CHECK(verdict.broken_sequence == sequence);
    CHECK_THAT(verdict.problem, Catch::Contains(std::string(words)));
    CHECK(verdict.entries < static_cast<std::int64_t>(whole.size()) + 1);
  };

  SECTION("a text was altered") {
    chain[2].record.reason = "other";
    found(3, "altered", {head, {}});
  }
  SECTION("a text was altered and its hash made anew") {
    chain[2].record.reason = "other";
    rehash(chain[2]);
    found(4, "replaced", {head, {}});
  }
  SECTION("the newest was altered and its hash made anew: only the head tells") {
    chain[5].record.reason = "other";
    rehash(chain[5]);
    found(6, "head", {head, {}});
  }
  SECTION("one was taken out") {
    chain.erase(chain.begin() + 3);
    found(4, "missing", {head, {}});
  }
  SECTION("one was taken out and the others renumbered") {
    chain.erase(chain.begin() + 3);
    chain[3].sequence = 4;
    found(4, "altered", {head, {}});
  }
  SECTION("the first was taken out") {
    chain.erase(chain.begin());
    found(1, "missing", {head, {}});
  }
  SECTION("two changed places") {
    std::swap(chain[1], chain[2]);
    found(2, "missing", {head, {}});
  }
  SECTION("two exchanged their content") {
    std::swap(chain[1].record, chain[2].record);
    found(2, "altered", {head, {}});
  }
  SECTION("one stands twice") {
    chain.insert(chain.begin() + 2, chain[1]);
    found(3, "missing", {head, {}});
  }
  SECTION("the end was cut off") {
    chain.resize(4);
    found(5, "cut off", {head, {}});
  }
  SECTION("the end was cut off and the head put back: only somebody who saw more tells") {
    chain.resize(4);
    CHECK(verify(chain, {head_of(chain), {}}).intact());
    found(5, "cut off", {head_of(chain), AuditHead{6, head.hash}});
  }
  SECTION("all was emptied and the head put back") {
    chain.clear();
    found(1, "cut off", {AuditHead{}, head});
  }
  SECTION("the head alone was put back") {
    found(5, "put back", {AuditHead{4, whole[3].hash}, {}});
  }
  SECTION("history was written anew from the start: only somebody who saw it tells") {
    Bytes previous = audit_genesis();
    for (auto& entry : chain) {
      entry.record.actor = "operator/eve";
      entry.previous_hash = previous;
      rehash(entry);
      previous = entry.hash;
    }
    CHECK(verify(chain, {head_of(chain), {}}).intact());
    found(5, "rewritten", {head_of(chain), AuditHead{5, whole[4].hash}});
  }
}

TEST_CASE("a chain that is judged in parts is judged as in one go") {
  const auto whole = chain_of(6);
  const AuditHead head = head_of(whole);
  const auto in_parts = [&](const std::vector<AuditEntry>& chain, std::size_t border, AuditHead now,
                            std::optional<AuditHead> known) {
    AuditChainCheck first({now, known, {}});
    for (std::size_t i = 0; i < border; ++i) (void)first.take(chain[i]);
    if (!first.so_far().intact()) return first.so_far();
    const AuditHead from{first.so_far().entries, first.so_far().head_hash};
    if (known && known->sequence < from.sequence) known.reset();
    AuditChainCheck second({now, known, from});
    for (std::size_t i = border; i < chain.size(); ++i) (void)second.take(chain[i]);
    return second.finish();
  };
  const auto same = [&](const std::vector<AuditEntry>& chain, AuditHead now, std::optional<AuditHead> known = {}) {
    const auto at_once = verify(chain, {now, known, {}});
    for (std::size_t border = 0; border <= chain.size(); ++border) {
      const auto parts = in_parts(chain, border, now, known);
      CHECK(parts.broken_sequence == at_once.broken_sequence);
      CHECK(parts.problem == at_once.problem);
      CHECK(parts.entries == at_once.entries);
      CHECK(parts.head_hash == at_once.head_hash);
    }
  };
  same(whole, head);
  same(whole, head, AuditHead{3, whole[2].hash});
  same(whole, head, AuditHead{7, head.hash});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto altered = whole;
    altered[i].record.reason = "other";
    same(altered, head);
    rehash(altered[i]);
    same(altered, head);
    auto cut = whole;
    cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(i));
    same(cut, head);
    same(cut, head_of(cut));
    same(whole, AuditHead{static_cast<std::int64_t>(i), i == 0 ? audit_genesis() : whole[i - 1].hash});
  }
  // A head that was kept outside counts where a part begins, too.
  const AuditHead other{3, Bytes(kAuditHashSize, 1)};
  CHECK(in_parts(whole, 2, head, other).broken_sequence == 3);
  CHECK(in_parts(whole, 3, head, other).broken_sequence == 3);
  AuditChainCheck begins({head, other, AuditHead{3, whole[2].hash}});
  CHECK_FALSE(begins.take(whole[3]));
  CHECK_THAT(begins.finish().problem, Catch::Contains("rewritten"));
}
