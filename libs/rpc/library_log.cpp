#include "libs/rpc/library_log.h"

#include <grpc/support/log.h>

#include <mutex>

#include "libs/rpc/catalogue.h"
#include "libs/rpc/library_settings.h"

namespace pratique::rpc {
namespace {

std::mutex current_mutex;
const obs::Log* current = nullptr;  // the library's log function is one for the whole process

void take(gpr_log_func_args* said) {
  if (said->severity < GPR_LOG_SEVERITY_ERROR) return;
  const std::scoped_lock lock(current_mutex);
  if (current != nullptr)
    current->write(kLibraryError, {{"file", said->file}, {"line", said->line}, {"message", said->message}});
}

}  // namespace

void LibraryLog::install() {
  static const bool once = (gpr_set_log_function(take), true);
  (void)once;
}

LibraryLog::LibraryLog(const obs::Log& log) : log_(log) {
  apply_library_settings();
  const std::scoped_lock lock(current_mutex);
  current = &log;
}

LibraryLog::~LibraryLog() {
  const std::scoped_lock lock(current_mutex);
  if (current == &log_) current = nullptr;
}

}  // namespace pratique::rpc
