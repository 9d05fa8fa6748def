// From what DNS-SD tells of registrars to where the pipe leads.
#pragma once

#include <vector>

#include "libs/net/dnssd/service.h"
#include "libs/net/endpoint.h"

namespace pratique::join_proxy {

/// One endpoint an instance: its IPv4 address if it has one, else a routable IPv6 one, else the link-local one with its
/// scope, since an address that the registrar does not listen on would cost every second device a failed try.
/// Sorted and without repetition, so that the same answers in another order are the same list.
std::vector<net::Endpoint> choose_registrars(const std::vector<dnssd::Service>& found);

}  // namespace pratique::join_proxy
