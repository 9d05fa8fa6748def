#include "libs/crypto/x509/extensions.h"

#include <algorithm>

#include "libs/crypto/x509/asn1_text.h"

namespace pratique::crypto {
namespace {

using BasicConstraintsPtr = OpensslPtr<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using EkuPtr = OpensslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using BitStringPtr = OpensslPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using CrlDistPointsPtr = OpensslPtr<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;
using InfoAccessPtr = OpensslPtr<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;
using AuthorityKeyIdPtr = OpensslPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;

Asn1StringPtr string_of(int type, ByteView bytes) {
  Asn1StringPtr out(ASN1_STRING_type_new(type));
  ASN1_STRING_set(out.get(), bytes.data(), static_cast<int>(bytes.size()));
  return out;
}

Result<Asn1StringPtr> url_string(const std::string& url, const char* field) {
  if (url.empty() || std::ranges::any_of(url, [](char c) { return c <= ' ' || c > '~'; }))
    return invalid("PROFILE_INVALID", std::string(field) + ": a URL has visible ASCII characters alone");
  return string_of(V_ASN1_IA5STRING, as_bytes(url));
}

GENERAL_NAME* uri_name(Asn1StringPtr url) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, GEN_URI, url.release());
  return name;
}

}  // namespace

Bytes encode_basic_constraints(bool ca, std::optional<int> path_len) {
  const BasicConstraintsPtr constraints(BASIC_CONSTRAINTS_new());
  constraints->ca = ca ? 0xff : 0;
  if (path_len) {
    constraints->pathlen = ASN1_INTEGER_new();
    ASN1_INTEGER_set(constraints->pathlen, *path_len);
  }
  return to_der<i2d_BASIC_CONSTRAINTS>(constraints.get());
}

Bytes encode_key_usage(std::uint16_t bits) {
  const BitStringPtr string(ASN1_BIT_STRING_new());
  for (int bit = 0; bit <= 8; ++bit) {
    const int mask = bit < 8 ? 0x80 >> bit : 0x8000;
    if ((bits & mask) != 0) ASN1_BIT_STRING_set_bit(string.get(), bit, 1);
  }
  return to_der<i2d_ASN1_BIT_STRING>(string.get());
}

Result<Bytes> encode_ekus(const std::vector<std::string>& oids) {
  const EkuPtr usages(EXTENDED_KEY_USAGE_new());
  for (const auto& oid : oids) {
    auto object = oid_object(oid);
    if (object == nullptr) return invalid("PROFILE_INVALID", "ekus: '" + oid + "' is no OID");
    sk_ASN1_OBJECT_push(usages.get(), object.release());
  }
  return to_der<i2d_EXTENDED_KEY_USAGE>(usages.get());
}

Bytes encode_subject_key_id(const Bytes& id) {
  return to_der<i2d_ASN1_OCTET_STRING>(string_of(V_ASN1_OCTET_STRING, id).get());
}

Bytes encode_authority_key_id(const Bytes& id) {
  const AuthorityKeyIdPtr authority(AUTHORITY_KEYID_new());
  authority->keyid = string_of(V_ASN1_OCTET_STRING, id).release();
  return to_der<i2d_AUTHORITY_KEYID>(authority.get());
}

Result<Bytes> encode_url(const std::string& url, const char* field) {
  TRY(const auto string, url_string(url, field));
  return to_der<i2d_ASN1_IA5STRING>(string.get());
}

Result<Bytes> encode_crl_url(const std::string& url) {
  TRY(auto string, url_string(url, "crl_url"));
  const CrlDistPointsPtr points(CRL_DIST_POINTS_new());
  DIST_POINT* point = DIST_POINT_new();
  point->distpoint = DIST_POINT_NAME_new();
  point->distpoint->type = 0;
  point->distpoint->name.fullname = GENERAL_NAMES_new();
  sk_GENERAL_NAME_push(point->distpoint->name.fullname, uri_name(std::move(string)));
  sk_DIST_POINT_push(points.get(), point);
  return to_der<i2d_CRL_DIST_POINTS>(points.get());
}

Result<Bytes> encode_ocsp_url(const std::string& url) {
  TRY(auto string, url_string(url, "ocsp_url"));
  const InfoAccessPtr access(AUTHORITY_INFO_ACCESS_new());
  ACCESS_DESCRIPTION* description = ACCESS_DESCRIPTION_new();
  ASN1_OBJECT_free(description->method);
  description->method = OBJ_nid2obj(NID_ad_OCSP);
  GENERAL_NAME_free(description->location);
  description->location = uri_name(std::move(string));
  sk_ACCESS_DESCRIPTION_push(access.get(), description);
  return to_der<i2d_AUTHORITY_INFO_ACCESS>(access.get());
}

}  // namespace pratique::crypto
