#include "libs/rpc/event.h"

#include "libs/rpc/timestamp.h"

namespace pratique::rpc {

pratique::common::v1::Event write_event(std::string_view cursor, Timestamp time, std::string_view type,
                                        std::string_view subject, const std::map<std::string, std::string>& facts) {
  pratique::common::v1::Event out;
  out.set_cursor(std::string(cursor));
  *out.mutable_time() = write_time(time);
  out.set_type(std::string(type));
  out.set_subject(std::string(subject));
  out.mutable_facts()->insert(facts.begin(), facts.end());
  return out;
}

}  // namespace pratique::rpc
