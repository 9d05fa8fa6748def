// pratique.registrar.v1.Vouchers over Vouchers.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/voucher.grpc.pb.h"
#include "services/registrar/app/vouchers.h"

namespace pratique::registrar {

class VouchersApi final : public v1::Vouchers::CallbackService {
 public:
  /// All outlive it.
  VouchersApi(rpc::Server& server, const rpc::PageTokens& tokens, Vouchers& vouchers)
      : server_(server), tokens_(tokens), vouchers_(vouchers) {}

  grpc::ServerUnaryReactor* ListVouchers(grpc::CallbackServerContext* context, const v1::ListVouchersRequest* request,
                                         v1::ListVouchersResponse* response) override;

 private:
  Result<v1::ListVouchersResponse> list(const rpc::CallContext& call, const v1::ListVouchersRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Vouchers& vouchers_;
};

}  // namespace pratique::registrar
