#include "libs/obs/metrics_endpoint.h"

#include <CivetServer.h>
#include <fmt/format.h>

#include <functional>
#include <vector>

namespace pratique::obs {
namespace {

struct Answer {
  int status;
  std::string_view type;
  std::string body;
};

class Page final : public CivetHandler {
 public:
  explicit Page(std::function<Answer()> answer) : answer_(std::move(answer)) {}

  bool handleGet(CivetServer*, mg_connection* connection) override {
    const auto answer = answer_();
    const auto head = fmt::format(
        "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
        "Connection: close\r\n\r\n",
        answer.status, answer.status == 200 ? "OK" : "Service Unavailable", answer.type, answer.body.size());
    mg_write(connection, head.data(), head.size());
    mg_write(connection, answer.body.data(), answer.body.size());
    return true;
  }

 private:
  std::function<Answer()> answer_;
};

constexpr std::string_view kPlain = "text/plain; charset=utf-8";

}  // namespace

struct MetricsEndpoint::Inside {
  Page metrics, alive, ready;
  CivetServer server;  // destroyed first: it waits for its threads

  Inside(const std::vector<std::string>& options, const Metrics& m, Health& health)
      : metrics([&m] { return Answer{200, "text/plain; version=0.0.4; charset=utf-8", m.text()}; }),
        alive([] { return Answer{200, kPlain, "alive\n"}; }),
        ready([&health] {
          const auto state = health.ready();
          return state ? Answer{200, kPlain, "ready\n"} : Answer{503, kPlain, state.error().message + "\n"};
        }),
        server(options) {
    server.addHandler("/metrics$", metrics);
    server.addHandler("/healthz$", alive);
    server.addHandler("/readyz$", ready);
  }
};

Result<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::start(const std::string& address, const Metrics& metrics,
                                                                Health& health) {
  try {
    const std::vector<std::string> options = {"listening_ports", address, "num_threads", "2",
                                              "request_timeout_ms", "5000"};
    return std::unique_ptr<MetricsEndpoint>(
        new MetricsEndpoint(std::make_unique<Inside>(options, metrics, health)));
  } catch (const CivetException&) {
    return unavailable("METRICS_ADDRESS_UNUSABLE", fmt::format("cannot listen on {} for metrics", address));
  }
}

MetricsEndpoint::MetricsEndpoint(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
MetricsEndpoint::~MetricsEndpoint() = default;

std::uint16_t MetricsEndpoint::port() const {
  const auto ports = inside_->server.getListeningPorts();
  return ports.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(ports.front());
}

}  // namespace pratique::obs
