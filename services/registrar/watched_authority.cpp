#include "services/registrar/watched_authority.h"

#include <utility>

#include "services/registrar/revocation.h"
#include "services/registrar/secrets.h"

namespace pratique::registrar {

Result<std::unique_ptr<WatchedAuthority>> WatchedAuthority::open(const Config& config, const Clock& clock,
                                                                 Random& random, const obs::Log& log,
                                                                 std::chrono::milliseconds interval) {
  std::unique_ptr<WatchedAuthority> out(new WatchedAuthority);
  const auto try_out = [raw = out.get(), &config, &clock, &random](const runtime::Certificates& files) -> Result<void> {
    TRY(auto made, make_authority(config, files, clock, random));
    if (config.revocation) TRY_VOID(check_revocation(*config.revocation, *made, clock));
    raw->tried_ = std::move(made);
    return {};
  };
  TRY(out->files_, runtime::CertificateFiles::open(config.authority.files(), clock, log, interval, try_out));
  out->files_->on_change([raw = out.get()](const runtime::Certificates&) {  // at once, too: then it is the first
    if (!raw->current_) raw->current_ = std::make_unique<CurrentAuthority>(std::exchange(raw->tried_, nullptr));
    else raw->current_->replace(std::exchange(raw->tried_, nullptr));
  });
  return out;
}

}  // namespace pratique::registrar
