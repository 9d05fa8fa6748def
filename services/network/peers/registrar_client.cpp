#include "services/network/peers/registrar_client.h"

#include "libs/base/hex.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/rpc/client.h"
#include "libs/rpc/timestamp.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"
#include "pratique/registrar/v1/device.grpc.pb.h"
#include "pratique/registrar/v1/event.grpc.pb.h"
#include "services/network/peers/registrar_text.h"

namespace pratique::network {
namespace {

namespace v1 = registrar::v1;

constexpr int kPageSize = 1000;

/// The registrar's word for a state, as its events have it.
std::string state_word(v1::DeviceState state) {
  switch (state) {
    case v1::DEVICE_STATE_ADMITTED: return "admitted";
    case v1::DEVICE_STATE_QUARANTINED: return "quarantined";
    default: return "";  // whatever else it is, it excludes
  }
}

Result<Grant> read_device(const v1::Device& device) {
  TRY(const auto id, DeviceId::parse_name(device.name()));
  TRY(const auto changed, rpc::read_time("update_time", device.update_time()));
  return Grant{.device = id,
               .standing = standing_of(state_word(device.state())),
               .segment = device.effective_segment(),
               .serial_number = device.serial_number(),
               .decided_at = changed};
}

Result<Credential> read_credential(const v1::Credential& credential) {
  TRY(const auto device, DeviceId::parse_name(credential.device()));
  TRY(const auto certificate, crypto::Certificate::parse_der(as_bytes(credential.certificate())));
  const auto key_id = certificate.authority_key_id();
  if (!key_id) return answer_unreadable("a certificate without an authority key id");
  TRY(const auto not_after, rpc::read_time("not_after", credential.not_after()));
  const bool live = credential.state() == v1::CREDENTIAL_STATE_ACTIVE;
  return Credential{.serial = credential.certificate_serial(),
                    .authority_key_id = hex_encode(*key_id),
                    .device = device,
                    .live = live,
                    .reason = live ? "" : "expired",
                    .not_after = not_after};
}

class RegistrarClient final : public Registrar {
 public:
  explicit RegistrarClient(const rpc::Peer& peer)
      : peer_(peer),
        events_(v1::Events::NewStub(peer.channel())),
        devices_(v1::Devices::NewStub(peer.channel())),
        credentials_(v1::Credentials::NewStub(peer.channel())) {}

  Result<RegistrarListing> list() override {
    RegistrarListing out;
    TRY(const auto head, peer_.call(*events_, &v1::Events::Stub::GetCursor, v1::GetCursorRequest{}));
    TRY(out.cursor, parse_cursor(head.cursor()));
    v1::ListDevicesRequest devices;
    devices.set_page_size(kPageSize);
    do {
      TRY(const auto page, peer_.call(*devices_, &v1::Devices::Stub::ListDevices, devices));
      for (const auto& device : page.devices()) {
        TRY(auto grant, read_device(device).with_context(device.name()));
        out.grants.push_back(std::move(grant));
      }
      devices.set_page_token(page.next_page_token());
    } while (!devices.page_token().empty());
    v1::ListCredentialsRequest credentials;
    credentials.set_page_size(kPageSize);
    // Ended ones need not be named: what is here and is not listed as live ends.
    credentials.set_state(v1::CREDENTIAL_STATE_ACTIVE);
    do {
      TRY(const auto page, peer_.call(*credentials_, &v1::Credentials::Stub::ListCredentials, credentials));
      for (const auto& one : page.credentials()) {
        TRY(auto credential, read_credential(one).with_context(one.name()));
        out.credentials.push_back(std::move(credential));
      }
      credentials.set_page_token(page.next_page_token());
    } while (!credentials.page_token().empty());
    return out;
  }

 private:
  const rpc::Peer& peer_;
  std::unique_ptr<v1::Events::Stub> events_;
  std::unique_ptr<v1::Devices::Stub> devices_;
  std::unique_ptr<v1::Credentials::Stub> credentials_;
};

}  // namespace

std::unique_ptr<Registrar> make_registrar_client(const rpc::Peer& peer) {
  return std::make_unique<RegistrarClient>(peer);
}

}  // namespace pratique::network
