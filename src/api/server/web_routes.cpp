// The web page and its files, made from web/ at build time. No view of it lies under /api.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "api/routes.hpp"
#include "api/server/web_assets.hpp"
#include "api/server/web_page.hpp"
#include "api/wire/etags.hpp"
#include "api/wire/problems.hpp"
#include "http/text.hpp"

namespace rondo {

namespace {

using embedded::web_asset;

/// Where the page has views; `routes` in web/src/app/app.tsx knows the same. A reload there gives the page again.
constexpr std::array view_paths{"/today", "/upcoming", "/calendar", "/board", "/all",    "/done",      "/search",
                                "/trash", "/stats",    "/settings", "/login", "/signup", "/tags/{id}", "/tasks/{id}"};

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
    "'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const web_asset* find_asset(std::string_view path) {
    const auto found = std::ranges::find(embedded::web_assets, path, &web_asset::path);
    return found == embedded::web_assets.end() ? nullptr : &*found;
}

/// Whether Accept-Encoding names this coding and does not refuse it with q=0 (RFC 9110, section 12.5.3).
bool accepts(std::string_view codings, std::string_view wanted) {
    while (!codings.empty()) {
        const auto comma = std::min(codings.find(','), codings.size());
        std::string_view one = codings.substr(0, comma);
        codings.remove_prefix(std::min(comma + 1, codings.size()));
        const auto parameters = std::min(one.find(';'), one.size());
        std::string_view name = one.substr(0, parameters);
        while (name.starts_with(' ') || name.starts_with('\t'))
            name.remove_prefix(1);
        while (name.ends_with(' ') || name.ends_with('\t'))
            name.remove_suffix(1);
        if (!http::equal_ignoring_case(name, wanted))
            continue;
        const auto weight = one.find("q=0", parameters);
        return weight == std::string_view::npos || one.find_first_of("123456789", weight) != std::string_view::npos;
    }
    return false;
}

http::response give(const web_asset& asset, const http::request& asked) {
    http::response answer;
    answer.with("Cache-Control", asset.named_by_content ? "public, max-age=31536000, immutable" : "no-cache")
        .with("ETag", "W/" + std::string{asset.etag})
        // Also on scripts: what a service worker may ask for is said by its own policy.
        .with("Content-Security-Policy", std::string{page_policy})
        .with("Vary", "Accept-Encoding");
    if (is_known(asked, asset.etag)) {
        answer.status = 304;
        return answer;
    }
    const std::string_view codings = asked.find_header("accept-encoding").value_or("");
    answer.content_type = asset.content_type;
    if (!asset.brotli.empty() && accepts(codings, "br")) {
        answer.with("Content-Encoding", "br").body = asset.brotli;
    } else if (!asset.gzip.empty() && accepts(codings, "gzip")) {
        answer.with("Content-Encoding", "gzip").body = asset.gzip;
    } else {
        answer.body = asset.identity;
    }
    return answer;
}

async<http::response> give_view(http::request& asked) {
    co_return web_page(asked);
}

async<http::response> give_file(http::request& asked) {
    const web_asset* asset = find_asset(asked.path);
    if (!asset)
        co_return problem_response(
            {.code = errc::not_found,
             .detail = "The page has no such file: reload it, a newer one may be running here."});
    co_return give(*asset, asked);
}

}  // namespace

http::response web_page(const http::request& asked) {
    return give(*find_asset("/index.html"), asked);
}

void add_web_routes(http::router& routes, const services&) {
    for (const std::string_view path : view_paths)
        routes.add(http::method::get, std::string{path}, give_view);
    routes.add(http::method::get, "/assets/{name}", give_file);
    for (const web_asset& asset : embedded::web_assets) {
        if (asset.path.find('/', 1) == std::string_view::npos && asset.path != "/index.html")
            routes.add(http::method::get, std::string{asset.path}, give_file);
    }
}

}  // namespace rondo
