#include "services/registrar/api/manufacturer_message.h"

#include "libs/base/hex.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

v1::AnchorPurpose purpose_message(AnchorPurpose purpose) {
  switch (purpose) {
    case AnchorPurpose::idevid: return v1::ANCHOR_PURPOSE_IDEVID;
    case AnchorPurpose::voucher: return v1::ANCHOR_PURPOSE_VOUCHER;
    case AnchorPurpose::masa_tls: return v1::ANCHOR_PURPOSE_MASA_TLS;
  }
  return v1::ANCHOR_PURPOSE_UNSPECIFIED;
}

Result<AnchorPurpose> read_purpose(int purpose) {
  for (const auto known : {AnchorPurpose::idevid, AnchorPurpose::voucher, AnchorPurpose::masa_tls})
    if (purpose_message(known) == purpose) return known;
  return field_invalid("trust_anchor.purposes", "names an unknown purpose");
}

Result<WireProfile> read_profile(v1::WireProfile profile) {
  switch (profile) {
    case v1::WIRE_PROFILE_UNSPECIFIED:
    case v1::WIRE_PROFILE_STRICT: return WireProfile::strict;
    case v1::WIRE_PROFILE_LENIENT: return WireProfile::lenient;
    default: return field_invalid("manufacturer.wire_profile", "is unknown");
  }
}

}  // namespace

v1::WireProfile message_of(WireProfile profile) {
  return profile == WireProfile::lenient ? v1::WIRE_PROFILE_LENIENT : v1::WIRE_PROFILE_STRICT;
}

v1::TrustAnchor message_of(const TrustAnchor& anchor) {
  v1::TrustAnchor out;
  out.set_name(anchor.id.name());
  const Bytes& der = anchor.certificate.der();
  out.set_certificate(der.data(), der.size());
  for (const auto purpose : anchor.purposes) out.add_purposes(purpose_message(purpose));
  for (const auto& protocol : anchor.protocols) out.add_protocols(protocol);
  out.set_serial_pattern(anchor.serial_pattern);
  if (anchor.start_time) *out.mutable_start_time() = rpc::write_time(*anchor.start_time);
  if (anchor.end_time) *out.mutable_end_time() = rpc::write_time(*anchor.end_time);
  *out.mutable_create_time() = rpc::write_time(anchor.create_time);
  if (anchor.remove_time) *out.mutable_remove_time() = rpc::write_time(*anchor.remove_time);
  out.set_subject(anchor.certificate.subject());
  out.set_fingerprint(hex_encode(anchor.certificate.fingerprint_sha256()));
  return out;
}

v1::Manufacturer message_of(const Manufacturer& manufacturer) {
  v1::Manufacturer out;
  out.set_name(manufacturer.id.name());
  out.set_display_name(manufacturer.display_name);
  out.set_wire_profile(message_of(manufacturer.wire_profile));
  out.set_masa_url(manufacturer.masa_url);
  out.set_disabled(manufacturer.disabled);
  for (const auto& anchor : manufacturer.trust_anchors) *out.add_trust_anchors() = message_of(anchor);
  *out.mutable_create_time() = rpc::write_time(manufacturer.create_time);
  *out.mutable_update_time() = rpc::write_time(manufacturer.update_time);
  out.set_etag(rpc::make_etag(manufacturer.id.name(), manufacturer.version));
  return out;
}

Result<TrustAnchor> read_trust_anchor(const v1::TrustAnchor& message) {
  TRY(auto certificate,
      crypto::Certificate::parse_der(as_bytes(message.certificate())).with_context("trust_anchor.certificate"));
  TrustAnchor out{.certificate = std::move(certificate)};
  for (const int word : message.purposes()) {
    TRY(const auto purpose, read_purpose(word));
    out.purposes.push_back(purpose);
  }
  out.protocols.assign(message.protocols().begin(), message.protocols().end());
  out.serial_pattern = message.serial_pattern();
  if (message.has_start_time()) {
    TRY(out.start_time, rpc::read_time("trust_anchor.start_time", message.start_time()));
  }
  if (message.has_end_time()) {
    TRY(out.end_time, rpc::read_time("trust_anchor.end_time", message.end_time()));
  }
  return out;
}

Result<Manufacturer> read_manufacturer(const v1::Manufacturer& message) {
  Manufacturer out;
  out.display_name = message.display_name();
  TRY(out.wire_profile, read_profile(message.wire_profile()));
  out.masa_url = message.masa_url();
  out.disabled = message.disabled();
  for (const auto& anchor : message.trust_anchors()) {
    TRY(auto read, read_trust_anchor(anchor));
    out.trust_anchors.push_back(std::move(read));
  }
  return out;
}

}  // namespace pratique::registrar
