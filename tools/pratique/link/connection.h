// The public API of the platform by its messages: the method is the one that takes the request.
//
//   v1::GetDeviceRequest request;
//   TRY(const auto device, api.call<v1::Device>(request));
//
// Connections are made when they are first needed and kept. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/clock.h"
#include "libs/base/result.h"
#include "tools/pratique/link/settings.h"

namespace google::protobuf {
class Message;
}

namespace pratique::cli {

/// The service that an API belongs to; its name in certificates and settings.
enum class Service { registrar, onboarding, network };
inline constexpr Service kServices[] = {Service::registrar, Service::onboarding, Service::network};
std::string_view to_string(Service service);

class Api {
 public:
  using Message = google::protobuf::Message;

  /// `clock` outlives it.
  Api(Settings settings, const Clock& clock);
  ~Api();

  template <typename Response, typename Request>
  Result<Response> call(const Request& request) {
    Response response;
    TRY_VOID(call_message(request, response));
    return response;
  }
  /// INVALID_ARGUMENT CONNECTION_INCOMPLETE names the setting that is missing; what did not answer says why in its
  /// evidence ("address", "remedy").
  Result<void> call_message(const Message& request, Message& response);

  /// A streaming method: `event` is filled anew for each call of `on_event`, which says whether to go on. Returns when
  /// it said no, or with the stream's end as an error.
  Result<void> watch(const Message& request, Message& event, const std::function<bool()>& on_event);

  /// What the replica at this address says of itself: grpc.health.v1, and the version that comes with the answer.
  struct Replica {
    bool serves = false;
    std::string version;
  };
  Result<Replica> look_at(Service service, const runtime::Address& replica);

  const std::vector<runtime::Address>& addresses(Service service) const;
  /// The operator as the services see it, "operator/ada", and until when its certificate holds.
  struct Operator {
    std::string text;
    Timestamp not_after;
  };
  Result<Operator> self();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::cli
