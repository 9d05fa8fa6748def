// From arguments to what is asked of the network service; no network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <google/protobuf/field_mask.pb.h>
#include <pratique/network/v1/segment.pb.h>
#include <pratique/network/v1/session.pb.h>
#include <pratique/network/v1/switch.pb.h>
#include <pratique/network/v1/wlan.pb.h>

#include "libs/base/result.h"
#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

/// What `segments add` and `segments update` may say; --vlan must be there to add one. The others likewise.
std::vector<Option> segment_options(bool adding);
std::vector<Option> switch_options(bool adding);
std::vector<Option> port_options(bool adding);
std::vector<Option> wlan_options(bool adding);

/// What was typed as resource names; each is used where its option was typed.
struct TypedNames {
  std::string site = {}, segment = {};
};

// Each changes what was typed and names it in `mask`. INVALID_ARGUMENT NOTHING_TO_CHANGE, ARGUMENT_INVALID.
Result<void> apply_changes(const Arguments& arguments, network::v1::Segment& segment,
                           google::protobuf::FieldMask& mask);
Result<void> apply_changes(const Arguments& arguments, network::v1::Site& site, google::protobuf::FieldMask& mask);
Result<void> apply_changes(const Arguments& arguments, const TypedNames& names, network::v1::NetworkSwitch& one,
                           google::protobuf::FieldMask& mask);
Result<void> apply_changes(const Arguments& arguments, const TypedNames& names, network::v1::Port& port,
                           google::protobuf::FieldMask& mask);
Result<void> apply_changes(const Arguments& arguments, const TypedNames& names, network::v1::Wlan& wlan,
                           google::protobuf::FieldMask& mask);

/// --settings JSON, or the text of --settings-file FILE; a JSON object either way.
Result<std::string> settings_text(const Arguments& arguments);

/// Resource names where typed, else empty.
struct PlaceFilter {
  std::string device = {}, on_switch = {}, port = {};
};
Result<network::v1::ListSessionsRequest> list_sessions_request(const Arguments& arguments, const PlaceFilter& where);
Result<network::v1::ListAttemptsRequest> list_attempts_request(const Arguments& arguments, const PlaceFilter& where);

}  // namespace pratique::cli
