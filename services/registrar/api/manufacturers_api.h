// pratique.registrar.v1.Manufacturers over Manufacturers.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/manufacturer.grpc.pb.h"
#include "services/registrar/app/manufacturers.h"

namespace pratique::registrar {

class ManufacturersApi final : public v1::Manufacturers::CallbackService {
 public:
  /// All outlive it.
  ManufacturersApi(rpc::Server& server, const rpc::PageTokens& tokens, Manufacturers& manufacturers)
      : server_(server), tokens_(tokens), manufacturers_(manufacturers) {}

  grpc::ServerUnaryReactor* CreateManufacturer(grpc::CallbackServerContext* context,
                                               const v1::CreateManufacturerRequest* request,
                                               v1::Manufacturer* response) override;
  grpc::ServerUnaryReactor* GetManufacturer(grpc::CallbackServerContext* context,
                                            const v1::GetManufacturerRequest* request,
                                            v1::Manufacturer* response) override;
  grpc::ServerUnaryReactor* ListManufacturers(grpc::CallbackServerContext* context,
                                              const v1::ListManufacturersRequest* request,
                                              v1::ListManufacturersResponse* response) override;
  grpc::ServerUnaryReactor* UpdateManufacturer(grpc::CallbackServerContext* context,
                                               const v1::UpdateManufacturerRequest* request,
                                               v1::Manufacturer* response) override;
  grpc::ServerUnaryReactor* AddTrustAnchor(grpc::CallbackServerContext* context,
                                           const v1::AddTrustAnchorRequest* request,
                                           v1::TrustAnchor* response) override;
  grpc::ServerUnaryReactor* RemoveTrustAnchor(grpc::CallbackServerContext* context,
                                              const v1::RemoveTrustAnchorRequest* request,
                                              v1::TrustAnchor* response) override;

 private:
  Result<v1::Manufacturer> create(const rpc::CallContext& call, const v1::CreateManufacturerRequest& request);
  Result<v1::Manufacturer> get(const rpc::CallContext& call, const v1::GetManufacturerRequest& request);
  Result<v1::ListManufacturersResponse> list(const rpc::CallContext& call, const v1::ListManufacturersRequest& request);
  Result<v1::Manufacturer> update(const rpc::CallContext& call, const v1::UpdateManufacturerRequest& request);
  Result<v1::TrustAnchor> add_anchor(const rpc::CallContext& call, const v1::AddTrustAnchorRequest& request);
  Result<v1::TrustAnchor> remove_anchor(const rpc::CallContext& call, const v1::RemoveTrustAnchorRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Manufacturers& manufacturers_;
};

}  // namespace pratique::registrar
