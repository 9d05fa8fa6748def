// Trust anchors from certificate files, PEM (any number in a file) or DER.
#pragma once

#include <filesystem>
#include <vector>

#include <pratique/registrar/v1/manufacturer.pb.h>

#include "libs/base/result.h"
#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

/// "--idevid-anchor FILE", "--voucher-anchor FILE", "--masa-anchor FILE", any number each; the same certificate for
/// several purposes becomes one anchor.
std::vector<Option> anchor_file_options();
Result<std::vector<registrar::v1::TrustAnchor>> read_anchors(const Arguments& arguments);

/// "--purpose", "--protocol", "--serial-pattern", "--from", "--until".
std::vector<Option> anchor_options();
/// The anchors of one file with what the options say of them.
Result<std::vector<registrar::v1::TrustAnchor>> read_anchor_file(const Arguments& arguments,
                                                                 const std::filesystem::path& file);

}  // namespace pratique::cli
