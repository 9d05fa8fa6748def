// DER: what is read is written as the same bytes.
#include "libs/codec/tlv/der.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

constexpr int kDepth = 12;

void value(const der::Element& element) {
  if (const auto oid = der::decode_oid(element.content)) {
    const auto written = der::oid(*oid);
    require(written.has_value(), "an object identifier that was read can be written");
    require(equal(*written, der::element(der::kOid, element.content)), "an object identifier has one encoding");
  }
  if (const auto integer = der::decode_integer(element.content))
    require(equal(der::integer(*integer), der::element(der::kInteger, element.content)), "an integer has one encoding");
  if (const auto boolean = der::decode_boolean(element.content))
    require(equal(der::boolean(*boolean), der::element(der::kBoolean, element.content)), "a boolean has one encoding");
}

void walk(ByteView bytes, int depth) {
  std::size_t seen = 0;
  der::Reader reader(bytes);
  while (!reader.at_end()) {
    const auto tag = reader.peek();
    const auto element = reader.next();
    if (!element) return;
    require(element->tag == tag, "peek() tells the tag of next()");
    seen += element->whole.size();
    require(seen <= bytes.size(), "elements lie within the input");
    require(equal(der::element(element->tag, element->content), element->whole), "an element has one encoding");
    value(*element);
    if (depth < kDepth && (element->tag & 0x20) != 0) walk(element->content, depth + 1);
  }
  require(seen == bytes.size(), "elements fill the input");
  require(reader.finish("the end").has_value(), "nothing follows the end");
}

}  // namespace

void fuzz_der(ByteView input) {
  walk(input, 0);
  if (const auto oid = der::oid(as_text(input))) {
    der::Reader reader(*oid);
    const auto element = reader.expect(der::kOid, "an object identifier");
    require(element && der::decode_oid(element->content).has_value(), "an object identifier that was made can be read");
  }
}

}  // namespace pratique::fuzz
