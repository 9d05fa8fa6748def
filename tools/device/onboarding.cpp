#include "tools/device/onboarding.h"

#include "libs/net/dnssd/browse.h"
#include "tools/device/enrolment.h"
#include "tools/device/voucher_exchange.h"

namespace pratique::device {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{1000};

class Run {
 public:
  Run(Device& device, const OnboardOptions& options)
      : device_(device), options_(options), patience_(options.timeout, options.wait), journal_(options.told) {}

  OnboardReport onboard() { return report(try_onboarding()); }
  OnboardReport renew() { return report(try_renewing()); }

 private:
  Attempt<void> try_onboarding() {
    const auto credential = device_.credential();
    if (!credential) return std::unexpected(failed(credential.error()));
    if (*credential)
      return std::unexpected(Ending{Outcome::failed, {"ALREADY_ONBOARDED"}, "the device has a network; wipe it first"});
    const auto candidates = find_candidates();
    if (!candidates) return std::unexpected(candidates.error());
    Ending worst{Outcome::failed, {"REGISTRAR_UNKNOWN"}, "no registrar is known"};
    for (const auto& candidate : *candidates) {
      auto tried = try_registrar(candidate);
      if (tried || tried.error().outcome == Outcome::timed_out) return tried;
      // A judgement tells more than a registrar that does not answer.
      const bool judged = worst.outcome != Outcome::failed;
      if (!judged || tried.error().outcome != Outcome::failed) worst = std::move(tried).error();
    }
    return std::unexpected(std::move(worst));
  }

  Attempt<void> try_registrar(const net::Endpoint& registrar) {
    registrar_ = registrar.text();
    auto identity = net::TlsIdentity::make(device_.made().chain, device_.made().key);
    if (!identity) return std::unexpected(failed(identity.error()));
    std::optional<RegistrarLink> link(std::in_place, registrar, *std::move(identity));
    const auto voucher = VoucherExchange(device_, options_, patience_, journal_).obtain(link);
    registrar_ = link->registrar().text();
    if (!voucher) return std::unexpected(voucher.error());
    return Enrolment(device_, options_, patience_, journal_).enrol(*link, *voucher);
  }

  Attempt<std::vector<net::Endpoint>> find_candidates() {
    if (!options_.registrars.empty() || !options_.discover) return options_.registrars;
    while (true) {
      const auto step = journal_.begin("discover");
      const auto found = dnssd::browse(dnssd::kBrskiProxy, std::min(options_.discover->look, patience_.left()),
                                       {.interfaces = options_.discover->interfaces});
      if (!found) {
        step.end("failed", found.error().message);
        return std::unexpected(failed(found.error()));
      }
      if (!found->empty()) {
        std::vector<net::Endpoint> out;
        for (const auto& service : *found) out.push_back({service.dial_address(), service.port});
        step.end("found", printable(found->front().instance) + " at " + out.front().text());
        return out;
      }
      step.end("nothing");
      if (!patience_.wait(kBetweenLooks))
        return std::unexpected(Ending{Outcome::timed_out, {"TIMED_OUT"}, "no registrar was found on the link"});
    }
  }

  Attempt<void> try_renewing() {
    const auto credential = device_.credential();
    if (!credential) return std::unexpected(failed(credential.error()));
    if (!*credential)
      return std::unexpected(Ending{Outcome::failed, {"NOT_ONBOARDED"}, "the device has no credential to renew"});
    const auto registrar = options_.registrars.empty() ? net::parse_endpoint((*credential)->registrar)
                                                       : Result<net::Endpoint>(options_.registrars.front());
    if (!registrar) return std::unexpected(failed(registrar.error()));
    registrar_ = registrar->text();
    auto link = domain_link(*registrar, **credential, options_.clock);
    if (!link) return std::unexpected(link.error());
    return Enrolment(device_, options_, patience_, journal_).renew(*link, **credential);
  }

  OnboardReport report(Attempt<void> ended) {
    OnboardReport out{.outcome = Outcome::done, .serial = device_.made().serial(), .registrar = registrar_};
    out.steps = journal_.take();
    out.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_);
    if (ended) return out;
    out.outcome = ended.error().outcome;
    out.codes = std::move(ended.error().codes);
    out.text = std::move(ended.error().text);
    return out;
  }

  Device& device_;
  const OnboardOptions& options_;
  Patience patience_;
  Journal journal_;
  std::string registrar_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

OnboardReport onboard(Device& device, const OnboardOptions& options) { return Run(device, options).onboard(); }
OnboardReport renew(Device& device, const OnboardOptions& options) { return Run(device, options).renew(); }

}  // namespace pratique::device
