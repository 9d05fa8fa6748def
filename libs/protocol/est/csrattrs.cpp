#include "libs/protocol/est/csrattrs.h"

#include <algorithm>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/x509/oids.h"
#include "libs/protocol/est/algorithm_oids.h"

namespace pratique::est {
namespace {

constexpr std::int64_t kMaxBits = 65536;

Error invalid_attrs(std::string_view what) { return invalid("EST_CSRATTRS_INVALID", what); }

bool is_signature(std::string_view oid) {
  return oid::contains(oid::kStrongSignatures, oid) || oid::contains(oid::kOldSignatures, oid) || oid == oid::kRsaPss;
}

Result<std::string> read_oid(der::Reader& reader, std::string_view what) {
  TRY(const auto element, reader.expect(der::kOid, what));
  return der::decode_oid(element.content);
}

Result<crypto::Extension> read_extension(ByteView content) {
  der::Reader reader(content);
  crypto::Extension extension;
  TRY(extension.oid, read_oid(reader, "the name of an extension"));
  if (reader.peek() == der::kBoolean) {
    TRY(const auto critical, reader.next());
    TRY(extension.critical, der::decode_boolean(critical.content));
  }
  TRY(const auto value, reader.expect(der::kOctetString, "the value of an extension"));
  TRY_VOID(reader.finish("an extension"));
  extension.value = to_bytes(value.content);
  return extension;
}

// The values of one extensionRequest: Extensions with their values, or bare OIDs as in RFC 7030's own example.
Result<void> read_extension_request(const std::vector<der::Element>& values, CsrAttrs& attrs) {
  for (const auto& value : values) {
    if (value.tag == der::kOid) {
      TRY(auto name, der::decode_oid(value.content));
      attrs.named_extensions.push_back(std::move(name));
      continue;
    }
    if (value.tag != der::kSequence) return invalid_attrs("extensionRequest: neither extensions nor a name");
    for (der::Reader extensions(value.content); !extensions.at_end();) {
      TRY(const auto one, extensions.expect(der::kSequence, "an extension"));
      TRY(auto extension, read_extension(one.content));
      const auto same = [&](const crypto::Extension& other) { return other.oid == extension.oid; };
      if (std::ranges::any_of(attrs.extensions, same))
        return invalid_attrs("extensionRequest: extension " + extension.oid + " stands twice");
      if (attrs.extensions.size() == kMaxAttributeValues) return invalid_attrs("extensionRequest: too many extensions");
      attrs.extensions.push_back(std::move(extension));
    }
  }
  return {};
}

Result<void> read_key(const std::string& algorithm, const std::vector<der::Element>& values, CsrAttrs& attrs) {
  if (values.empty()) attrs.keys.push_back({algorithm});
  for (const auto& value : values) {
    if (algorithm == oid::kEcPublicKey && value.tag == der::kOid) {
      TRY(auto curve, der::decode_oid(value.content));
      attrs.keys.push_back({algorithm, std::move(curve)});
    } else if (algorithm == oid::kRsaEncryption && value.tag == der::kInteger) {
      TRY(const auto bits, der::decode_integer(value.content));
      if (bits < 1 || bits > kMaxBits) return invalid_attrs("rsaEncryption: not a size of a key");
      attrs.keys.push_back({algorithm, "", static_cast<int>(bits)});
    } else {
      return invalid_attrs("key " + algorithm + ": expected a curve or a size");
    }
  }
  return {};
}

Result<void> read_entry(const std::string& name, const std::vector<der::Element>& values, CsrAttrs& attrs) {
  if (name == crypto::oid::kChallengePassword) {
    attrs.challenge_password = true;
  } else if (name == crypto::oid::kExtensionRequest) {
    return read_extension_request(values, attrs);
  } else if (name == oid::kEcPublicKey || name == oid::kRsaEncryption || name == oid::kEd25519) {
    return read_key(name, values, attrs);
  } else if (is_signature(name)) {
    attrs.signature_algorithms.push_back(name);
  } else {
    crypto::CsrAttribute other{name, {}};
    for (const auto& value : values) other.values.push_back(to_bytes(value.whole));
    attrs.others.push_back(std::move(other));
  }
  return {};
}

Result<CsrAttrs> read_all(ByteView bytes) {
  der::Reader outer(bytes);
  TRY(const auto sequence, outer.expect(der::kSequence, "CsrAttrs"));
  TRY_VOID(outer.finish("CsrAttrs"));
  CsrAttrs attrs;
  std::size_t entries = 0;
  for (der::Reader reader(sequence.content); !reader.at_end();) {
    if (++entries > kMaxCsrAttrs) return invalid_attrs("more than " + std::to_string(kMaxCsrAttrs) + " entries");
    if (reader.peek() == der::kOid) {
      TRY(const auto name, read_oid(reader, "a name"));
      TRY_VOID(read_entry(name, {}, attrs));
      continue;
    }
    TRY(const auto attribute, reader.expect(der::kSequence, "a name or an attribute"));
    der::Reader inside(attribute.content);
    TRY(const auto name, read_oid(inside, "the name of an attribute"));
    TRY(const auto set, inside.expect(der::kSet, "the values of an attribute"));
    TRY_VOID(inside.finish("an attribute"));
    std::vector<der::Element> values;
    for (der::Reader members(set.content); !members.at_end();) {
      if (values.size() == kMaxAttributeValues) return invalid_attrs("attribute " + name + ": too many values");
      TRY(const auto member, members.next());
      values.push_back(member);
    }
    TRY_VOID(read_entry(name, values, attrs));
  }
  return attrs;
}

Result<Bytes> attribute(std::string_view name, std::vector<Bytes> values) {
  TRY(auto oid, der::oid(name));
  if (values.empty()) return oid;
  return der::element_of(der::kSequence, {std::move(oid), der::set_of(std::move(values))});
}

Result<Bytes> extension_list(const std::vector<crypto::Extension>& extensions) {
  std::vector<Bytes> list;
  for (const auto& extension : extensions) {
    TRY(auto oid, der::oid(extension.oid));
    std::vector<Bytes> parts{std::move(oid)};
    if (extension.critical) parts.push_back(der::boolean(true));
    parts.push_back(der::element(der::kOctetString, extension.value));
    list.push_back(der::element_of(der::kSequence, parts));
  }
  return der::element_of(der::kSequence, list);
}

Result<Bytes> write_all(const CsrAttrs& attrs) {
  std::vector<Bytes> entries;
  const auto add = [&entries](Result<Bytes> entry) -> Result<void> {
    TRY(auto bytes, std::move(entry));
    entries.push_back(std::move(bytes));
    return {};
  };
  if (attrs.challenge_password) TRY_VOID(add(attribute(crypto::oid::kChallengePassword, {})));
  for (const auto& key : attrs.keys) {
    std::vector<Bytes> values;
    if (!key.curve.empty()) {
      TRY(auto curve, der::oid(key.curve));
      values.push_back(std::move(curve));
    }
    if (key.bits != 0) values.push_back(der::integer(key.bits));
    TRY_VOID(add(attribute(key.algorithm, std::move(values))));
  }
  if (!attrs.extensions.empty()) {
    TRY(auto list, extension_list(attrs.extensions));
    TRY_VOID(add(attribute(crypto::oid::kExtensionRequest, {std::move(list)})));
  }
  for (const auto& name : attrs.signature_algorithms) TRY_VOID(add(attribute(name, {})));
  for (const auto& other : attrs.others) TRY_VOID(add(attribute(other.oid, other.values)));
  return der::element_of(der::kSequence, entries);
}

}  // namespace

bool CsrAttrs::empty() const {
  return !challenge_password && keys.empty() && signature_algorithms.empty() && extensions.empty() &&
         named_extensions.empty() && others.empty();
}

Result<CsrAttrs> parse_csrattrs(ByteView bytes) {
  if (bytes.size() > kMaxCsrAttrsDer)
    return invalid("EST_CSRATTRS_TOO_LARGE", "more than " + std::to_string(kMaxCsrAttrsDer) + " bytes");
  auto attrs = read_all(bytes);
  if (!attrs) return invalid_attrs(attrs.error().message);
  return attrs;
}

Result<Bytes> encode_csrattrs(const CsrAttrs& attrs) {
  if (!attrs.named_extensions.empty()) return invalid_attrs("extensions are sent with their values (RFC 9908)");
  auto bytes = write_all(attrs);
  if (!bytes) return invalid_attrs(bytes.error().message);
  return bytes;
}

}  // namespace pratique::est
