#include "tools/pratique/link/pages.h"

#include <google/protobuf/descriptor.h>

namespace pratique::cli {

int count_elements(const google::protobuf::Message& response) {
  const auto* type = response.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i)
    if (type->field(i)->is_repeated()) return response.GetReflection()->FieldSize(response, type->field(i));
  return 0;
}

}  // namespace pratique::cli
