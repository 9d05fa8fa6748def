// Addresses that a device, a voucher or a configuration names.
#include "libs/net/http.h"
#include "libs/net/url.h"
#include "libs/protocol/brski/masa_url.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {

void fuzz_url(ByteView input) {
  const auto text = as_text(input);
  if (const auto base = brski::parse_masa_url(text)) {
    require(base->starts_with("https://") && !base->ends_with('/'), "a base of https without a slash at its end");
    require(brski::parse_masa_url(*base).value_or("") == *base, "a base is its own base");
    const auto url = net::parse_url(*base + "/requestvoucher");
    require(url.has_value(), "what a MASA address may be, a client can call");
    require(url->query.empty() && url->path.ends_with("/requestvoucher"), "only the path grows");
  }
  for (const auto schemes : {net::UrlSchemes::https_only, net::UrlSchemes::http_and_https}) {
    const auto url = net::parse_url(text, schemes);
    if (!url) continue;
    require(url->port != 0 && !url->host.empty() && url->path.starts_with('/'), "a URL that was read is whole");
    require(net::http::is_field_value(url->authority()) && net::http::is_field_value(url->target()),
            "host and target forge no header");
    const auto again = net::parse_url(url->text(), schemes);
    if (!again) require(url->text().size() > net::kMaxUrlBytes, "a URL that was read can be written and read");
    if (again) require(*again == *url, "the same URL");
  }
  (void)net::percent_decode(text);
}

}  // namespace pratique::fuzz
