#pragma once
// One function per resource; each adds its routes. Defined in the file of its name.

#include "api/services.hpp"
#include "http/router.hpp"

namespace rondo {

void add_auth_routes(http::router& routes, const services& with);     // auth_routes.cpp
void add_session_routes(http::router& routes, const services& with);  // session_routes.cpp
void add_task_routes(http::router& routes, const services& with);     // task_routes.cpp
void add_quick_routes(http::router& routes, const services& with);    // quick_routes.cpp
void add_recurrence_routes(http::router& routes, const services& with);  // recurrence_routes.cpp
void add_past_routes(http::router& routes, const services& with);     // past_routes.cpp
void add_stats_routes(http::router& routes, const services& with);    // stats_routes.cpp
void add_trash_routes(http::router& routes, const services& with);    // trash_routes.cpp
void add_tag_routes(http::router& routes, const services& with);      // tag_routes.cpp
void add_event_routes(http::router& routes, const services& with);    // event_routes.cpp
void add_event_feed_routes(http::router& routes, const services& with);  // event_feed_routes.cpp
void add_status_routes(http::router& routes,
                       const services& with);   // status_routes.cpp: /, /health, /livez, /readyz, /metrics
void add_document_routes(http::router& routes, const services& with); // document_routes.cpp: /openapi.json, /docs
void add_web_routes(http::router& routes, const services& with);  // web_routes.cpp: the web page

}  // namespace rondo
