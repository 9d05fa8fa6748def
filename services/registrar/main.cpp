#include "services/registrar/start.h"

int main(int argc, char** argv) {
  using namespace pratique::registrar;
  return pratique::runtime::service_main<Config>(argc, argv,
                                                 {.name = "registrar",
                                                  .catalogue = whole_catalogue(),
                                                  .start = start,
                                                  .check = check,
                                                  .commands = {{"--migrate", migrate}, {"--rewrap", rewrap}}});
}
