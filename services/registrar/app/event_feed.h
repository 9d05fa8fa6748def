// The API's readers of events: an API knows no database.
#pragma once

#include "libs/pg/event_feed.h"

namespace pratique::registrar {

using pg::EventFeed;

}  // namespace pratique::registrar
