// The lock of a life: an advisory lock that a database session of its process holds. When the process is killed, the
// kernel closes its connections and PostgreSQL frees the lock, so that others see at once that the life is over and need
// not wait until its time is up (keepers.h).
//
// A free lock need not mean death: a connection may be cut, a database start again. To end such a life costs no more
// than that others take its switches: its next renew_life() begins it anew, and leases keep two from driving one switch.
// A lock that is held need not mean life: a machine that vanished closes no connection. Then time decides.
//
// Two lives whose locks are one by chance do no harm: the second gets none, and is judged by time alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"

namespace pratique::network {

struct LifeLocks {
  bool ours = false;         // this session took the lock of our life
  bool free_others = false;  // there is a life that said it has its lock, and nobody has it
};
/// One statement, which writes nothing.
Result<LifeLocks> see_life_locks(pg::Tx& tx, std::string_view life);
/// For as long as the session lives. False: another session has it, be it one of ours that the server believes alive.
Result<bool> take_life_lock(pg::Tx& tx, std::string_view life);
/// Ends the other lives whose locks are free; the names of their replicas.
Result<std::vector<std::string>> end_unlocked_lives(pg::Tx& tx, std::string_view life);

}  // namespace pratique::network
