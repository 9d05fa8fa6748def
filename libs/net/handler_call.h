// Internal to this room: one request with a worker of the executor, awaited on the I/O thread.
#pragma once

#include "libs/net/asio.h"

#include <memory>
#include <optional>

#include "libs/net/executor.h"
#include "libs/net/https_server.h"
#include "libs/net/tally.h"

namespace pratique::net {

/// The handler's response, or 500 where it throws; nothing where the executor refused the work or dropped it. Counted
/// as running, queued or not, until the worker is done with it, which may be after the coroutine is gone: the tally and
/// `io` must outlive that.
asio::awaitable<std::optional<http::Response>> call_handler(asio::io_context& io, Executor& executor,
                                                            Tally<HttpsServerStats>& tally,
                                                            std::shared_ptr<const HttpHandler> handler,
                                                            http::Request request,
                                                            std::shared_ptr<const PeerInfo> peer);

}  // namespace pratique::net
