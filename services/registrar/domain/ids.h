// The registrar's identifiers: UUIDs that cannot be mixed up, and the resource names of its API (AIP-122).
#pragma once

#include <string_view>

#include "libs/base/id.h"

namespace pratique::registrar {

struct DeviceTag { static constexpr std::string_view kPrefix = "devices"; };
struct ManufacturerTag { static constexpr std::string_view kPrefix = "manufacturers"; };
struct TrustAnchorTag { static constexpr std::string_view kPrefix = "trustAnchors"; };
struct PolicyTag { static constexpr std::string_view kPrefix = "policies"; };
struct ApprovalTag { static constexpr std::string_view kPrefix = "approvals"; };
struct DecisionTag { static constexpr std::string_view kPrefix = "decisions"; };
struct CredentialTag { static constexpr std::string_view kPrefix = "credentials"; };
struct VoucherTag { static constexpr std::string_view kPrefix = "vouchers"; };
struct SessionTag { static constexpr std::string_view kPrefix = "sessions"; };

using DeviceId = Id<DeviceTag>;
using ManufacturerId = Id<ManufacturerTag>;
using TrustAnchorId = Id<TrustAnchorTag>;
using PolicyId = Id<PolicyTag>;
using ApprovalId = Id<ApprovalTag>;
using DecisionId = Id<DecisionTag>;
using CredentialId = Id<CredentialTag>;
using VoucherId = Id<VoucherTag>;
/// Of the onboarding service; known here by name alone.
using SessionId = Id<SessionTag>;

/// The resource name, or "" for an id that names nothing.
template <typename Tag>
std::string name_of(const Id<Tag>& id) {
  return id.empty() ? std::string() : id.name();
}

}  // namespace pratique::registrar
