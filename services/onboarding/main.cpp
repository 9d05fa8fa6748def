#include "services/onboarding/start.h"

int main(int argc, char** argv) {
  using namespace pratique::onboarding;
  return pratique::runtime::service_main<Config>(
      argc, argv, {.name = "onboarding", .catalogue = whole_catalogue(), .start = start, .check = check});
}
