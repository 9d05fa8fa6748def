#include "services/network/start.h"

int main(int argc, char** argv) {
  using namespace pratique::network;
  return pratique::runtime::service_main<Config>(argc, argv,
                                                 {.name = "network",
                                                  .catalogue = whole_catalogue(),
                                                  .start = start,
                                                  .check = check,
                                                  .commands = {{"--migrate", migrate}, {"--rewrap", rewrap}}});
}
