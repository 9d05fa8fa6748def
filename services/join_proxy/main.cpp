#include "services/join_proxy/catalogue.h"
#include "services/join_proxy/start.h"

int main(int argc, char** argv) {
  using namespace pratique::join_proxy;
  return pratique::runtime::service_main<Config>(argc, argv,
                                                 {.name = "join_proxy", .catalogue = catalogue(), .start = start});
}
