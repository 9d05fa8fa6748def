#include "tools/pratique/vouchers.h"

#include <pratique/registrar/v1/voucher.pb.h>

#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<void> list_vouchers(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListVouchersRequest request;
  TRY(*request.mutable_device(), device_name(context, arguments.text("device")));
  TRY(const auto vouchers, list<v1::ListVouchersResponse>(context.api, request, limit));
  return answer(context, vouchers, [&] {
    Table table({{"DEVICE"},
                 {"ASSERTION"},
                 {"NONCED"},
                 {"RECEIVED"},
                 {"EXPIRES"},
                 {"THE DEVICE SAID", Column::shrinks},
                 {"SIGNER", Column::shrinks},
                 {"PINNED", Column::shrinks}});
    for (const auto& one : vouchers.vouchers())
      table.row({one.serial_number(), one.assertion(), one.nonced() ? "yes" : "no", since(context, one.receive_time()),
                 since(context, one.expires_on()), one.device_status(), one.signer(), one.pinned_fingerprint()});
    table.print(context.console, "no vouchers");
    tell_cut(context, vouchers, vouchers.next_page_token());
    context.console.next(vouchers.vouchers().empty()
                             ? "pratique onboarding list"
                             : "pratique devices explain " + shell_word(vouchers.vouchers(0).serial_number()));
  });
}

}  // namespace

std::vector<Command> voucher_commands() {
  return {{.words = "vouchers list",
           .help = "the manufacturers' words that devices are ours, newest first",
           .options = {Option::text("device", "DEVICE", "for this device"), limit_option()},
           .run = list_vouchers}};
}

}  // namespace pratique::cli
