#include "services/onboarding/config.h"

#include "libs/runtime/config_reader.h"

namespace pratique::onboarding {

void read(runtime::ConfigReader& in, DeviceDoorConfig& out) {
  in.optional("listen", out.listen);
  in.required_section("identity", out.identity);
  in.optional("max_connections", out.max_connections, {.least = 1, .most = 100'000});
  in.optional("max_connections_per_source", out.max_connections_per_source, {.least = 1, .most = 100'000});
  in.optional("handshake_timeout", out.handshake_timeout);
  in.optional("idle_timeout", out.idle_timeout);
  in.optional("body_timeout", out.body_timeout);
  in.section("workers", out.workers);
  in.optional("announce_on", out.announce_on);
}

namespace {

struct MasaSection {
  MasaClientOptions& out;
};
void read(runtime::ConfigReader& in, MasaSection& section) {
  in.optional("timeout", section.out.timeout);
  in.optional("system_anchors", section.out.system_anchors);
}

struct BrskiSection {
  BrskiConfig& out;
};
void read(runtime::ConfigReader& in, BrskiSection& section) {
  in.one_of("voucher_check", section.out.voucher_check,
            {{"enforce", VoucherCheck::enforce}, {"record", VoucherCheck::record}});
}

struct AuditLogSection {
  brski::AuditLogPolicy& out;
};
void read(runtime::ConfigReader& in, AuditLogSection& section) {
  in.one_of("other_owners", section.out.others,
            {{"refuse", brski::OtherOwners::refuse}, {"note", brski::OtherOwners::note}});
  in.optional("allowed_domain_ids", section.out.allowed_domain_ids);
  in.optional("accept_truncated", section.out.accept_truncated);
}

struct EstSection {
  EstConfig& out;
};
void read(runtime::ConfigReader& in, EstSection& section) {
  in.optional("channel_binding_required", section.out.channel_binding_required);
}

}  // namespace

void read(runtime::ConfigReader& in, Config& out) {
  in.section("process", out.process);
  in.required("replica", out.replica);
  in.optional("location", out.brski.location);
  in.required_section("database", out.database);
  in.required("master_keys", out.master_keys);
  in.required("page_token_key", out.page_token_key);
  in.required_section("rpc", out.rpc);
  out.registrar.service = "registrar";
  in.required_section("registrar", out.registrar);
  in.required_section("devices", out.devices);
  MasaSection masa{out.masa};
  in.section("masa", masa);
  BrskiSection brski_section{out.brski};
  in.section("brski", brski_section);
  AuditLogSection audit{out.audit_log};
  in.section("audit_log", audit);
  EstSection est_section{out.est};
  in.section("est", est_section);
}

}  // namespace pratique::onboarding
