#include "services/registrar/api/vouchers_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/timestamp.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListVouchers";

void fill(const VoucherRecord& record, v1::Voucher* out) {
  out->set_name(record.id.name());
  out->set_device(record.device.name());
  out->set_serial_number(record.serial_number);
  out->set_assertion(record.assertion);
  out->set_nonced(record.nonced);
  out->set_signer(record.signer);
  out->set_pinned_fingerprint(record.pinned_fingerprint);
  if (record.created_on) *out->mutable_created_on() = rpc::write_time(*record.created_on);
  if (record.expires_on) *out->mutable_expires_on() = rpc::write_time(*record.expires_on);
  *out->mutable_receive_time() = rpc::write_time(record.receive_time);
  out->set_device_status(record.device_status);
  out->set_digest(record.digest);
}

}  // namespace

grpc::ServerUnaryReactor* VouchersApi::ListVouchers(grpc::CallbackServerContext* context,
                                                    const v1::ListVouchersRequest* request,
                                                    v1::ListVouchersResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&VouchersApi::list, this));
}

Result<v1::ListVouchersResponse> VouchersApi::list(const rpc::CallContext& call,
                                                   const v1::ListVouchersRequest& request) {
  DeviceId device;
  if (!request.device().empty()) {
    TRY(device, DeviceId::parse_name(request.device()));
  }
  TRY(const auto page, rpc::parse_page(tokens_, kList, request.device(), request.page_size(), request.page_token()));
  VoucherId after;
  if (!page.after.empty()) {
    TRY(after, VoucherId::parse(page.after));
  }
  TRY(const auto records, vouchers_.list(to_call(call), device, after, page.size + 1));
  v1::ListVouchersResponse response;
  VoucherId last;
  for (const VoucherRecord& record : records) {
    if (response.vouchers_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, request.device(), last.text()));
      break;
    }
    fill(record, response.add_vouchers());
    last = record.id;
  }
  return response;
}

}  // namespace pratique::registrar
