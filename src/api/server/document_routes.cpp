// The description of the HTTP contract: docs/openapi.yaml as JSON, and as a page. Both are made at build time.

#include <string>
#include <string_view>

#include "api/routes.hpp"

namespace rondo {

namespace embedded {
extern const std::string_view openapi_json;
extern const std::string_view docs_page;
extern const std::string_view docs_style_hash;
}  // namespace embedded

namespace {

async<http::response> give_description(http::request&) {
    http::response answer{.content_type = "application/json", .body = std::string{embedded::openapi_json}};
    answer.with("Cache-Control", "no-cache");
    co_return answer;
}

/// The page has no script, and of styles only the one it was built with may apply.
async<http::response> give_page(http::request&) {
    http::response answer{.content_type = "text/html; charset=utf-8", .body = std::string{embedded::docs_page}};
    answer.with("Cache-Control", "no-cache");
    answer.with("Content-Security-Policy", "default-src 'none'; style-src '" + std::string{embedded::docs_style_hash} +
                                               "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    co_return answer;
}

}  // namespace

void add_document_routes(http::router& routes, const services&) {
    routes.add(http::method::get, "/openapi.json", give_description);
    routes.add(http::method::get, "/docs", give_page);
}

}  // namespace rondo
