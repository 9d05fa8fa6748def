// A list of devices to come, as purchasing or a manufacturer hands it over.
//
//   serial,manufacturer,model,segment,location
//   00-D0-E5-F2-00-02,Example Sensors,Sensor X,iot,plant-1
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <pratique/registrar/v1/device.pb.h>
#include <pratique/registrar/v1/manufacturer.pb.h>

#include "libs/base/result.h"

namespace pratique::cli {

struct ImportRow {
  std::size_t line = 0;
  registrar::v1::CreateDeviceRequest request =
      {};  // its request_id comes from the content: the same row is the same change
};
struct ImportProblem {
  std::size_t line = 0;
  std::string serial_number = {};
  std::string code = {};
  std::string message = {};
};
struct ImportPlan {
  std::vector<ImportRow> rows;
  std::vector<ImportProblem> problems;  // of rows that are not even tried
};

/// The header names the columns in any order; serial and manufacturer must be among them. INVALID_ARGUMENT CSV_INVALID,
/// IMPORT_HEADER_INVALID for what concerns the whole file.
Result<ImportPlan> plan_import(std::string_view text, const registrar::v1::ListManufacturersResponse& manufacturers);

}  // namespace pratique::cli
