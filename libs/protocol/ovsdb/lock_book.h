// Which locks this session has: RFC 7047 sections 4.1.8 to 4.1.10.
//
//              ask    granted  queued   locked   stolen   unlock   unlocked
//   none       asked  -        -        -        -        -        -
//   asked      -      held     waiting  -        -        -        -
//   waiting    -      -        -        held     -        leaving  -
//   held       -      -        -        -        waiting  leaving  -
//   leaving    -      -        -        leaving  leaving  -        none
//
// `ask` is "lock" or "steal"; granted and queued are their answers, locked and stolen notifications.
// What is not in the table is refused: ours by FAILED_PRECONDITION OVSDB_LOCK_STATE before it is sent (the server would
// refuse it), the server's as a breach of the protocol. The owner of a stolen lock is again among those who wait.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::ovsdb {

enum class LockState { none, asked, waiting, held, leaving };
enum class LockStep { ask, granted, queued, locked, stolen, unlock, unlocked };

class LockBook {
 public:
  explicit LockBook(std::size_t max_locks) : max_locks_(max_locks) {}

  LockState state(std::string_view lock) const;
  Result<void> step(std::string_view lock, LockStep step);
  /// The server refused what was asked: it holds nothing of ours under that name.
  void forget(std::string_view lock);

 private:
  std::size_t max_locks_;
  std::map<std::string, LockState, std::less<>> locks_;
};

}  // namespace pratique::ovsdb
