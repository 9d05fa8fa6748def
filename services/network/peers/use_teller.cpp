#include "services/network/peers/use_teller.h"

#include "libs/rpc/client.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"

namespace pratique::network {
namespace {

namespace v1 = registrar::v1;

class UseTeller final : public UseListener {
 public:
  explicit UseTeller(const rpc::Peer& peer) : peer_(peer), admission_(v1::Admission::NewStub(peer.channel())) {}

  Result<void> used(const CredentialUse& use) override {
    v1::IdentifyCredentialRequest request;
    request.set_certificate_serial(use.serial);
    request.set_authority_key_id(use.authority_key_id);
    request.set_in_use(true);
    TRY_VOID(peer_.call(*admission_, &v1::Admission::Stub::IdentifyCredential, request));
    return {};
  }

 private:
  const rpc::Peer& peer_;
  std::unique_ptr<v1::Admission::Stub> admission_;
};

}  // namespace

std::unique_ptr<UseListener> make_use_teller(const rpc::Peer& peer) { return std::make_unique<UseTeller>(peer); }

}  // namespace pratique::network
