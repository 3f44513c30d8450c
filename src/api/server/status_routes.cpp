// What runs here and how it is: /, /health, /livez, /readyz, /metrics.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/routes.hpp"
#include "api/server/web_page.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/text.hpp"
#include "base/tz_database.hpp"

namespace rondo {
namespace {

constexpr std::chrono::seconds outbox_age_healthy_max{60};
constexpr std::size_t missing_counted_max = 1000;

http::response json_answer(unsigned status, std::string body) {
    return {
        .status = status, .content_type = "application/json", .body = std::move(body), .headers = {}, .error_id = {}};
}

// --- / ---

/// Whether an Accept header names HTML and does not refuse it.
bool wants_html(const http::request& asked) {
    const auto accept = asked.find_header("accept").value_or("");
    const auto named = accept.find("text/html");
    if (named == std::string_view::npos)
        return false;
    const auto parameters = accept.substr(named, accept.find(',', named) - named);
    const auto weight = parameters.find("q=0");
    return weight == std::string_view::npos || parameters.find_first_of("123456789", weight) != std::string_view::npos;
}

async<http::response> root(const services& with, http::request& asked) {
    if (wants_html(asked))
        co_return web_page(asked).with("Vary", "Accept");
    std::string body = R"({"name":"Rondo","version":)";
    append_json_string(body, with.version);
    body +=
        R"(,"status":"running","features":["tasks","recurrence","tags","search","trash","history","stats","events"],"endpoints":{)"
        R"("auth":"/api/auth","tasks":"/api/tasks","tags":"/api/tags","trash":"/api/trash","stats":"/api/stats","events":"/api/events",)"
        R"("health":"/health","metrics":"/metrics","openapi":"/openapi.json"},"documentation":"/docs"})";
    co_return json_answer(200, std::move(body)).with("Vary", "Accept");
}

// --- /health, /livez, /readyz ---

/// Why requests should not be sent here, if they should not.
std::optional<std::string> not_ready(const services& with) {
    if (!with.ready())
        return "The server is starting or stopping.";
    return with.data.trouble();
}

async<http::response> live(http::request&) {
    co_return json_answer(200, R"({"status":"alive"})");
}

async<http::response> ready(const services& with, http::request&) {
    if (const auto reason = not_ready(with))
        co_return problem_response({.code = errc::unavailable, .detail = *reason});
    co_return json_answer(200, R"({"status":"ready"})");
}

/// What a look into the database tells; nothing where it does not answer.
struct backlog {
    outbox_state outbox;
    std::size_t missing = 0;
    double oldest_seconds = 0;
};

async<std::optional<backlog>> look(const services& with) {
    try {
        auto seen = co_await read(with.data, [](const transaction& tx) {
            return backlog{.outbox = tx.outbox(), .missing = tx.missing_children(missing_counted_max).size()};
        });
        if (seen.outbox.oldest)
            seen.oldest_seconds =
                std::max(0.0, std::chrono::duration<double>(with.time.now() - *seen.outbox.oldest).count());
        co_return seen;
    } catch (const unavailable&) {
        co_return std::nullopt;
    }
}

/// The zones are served whatever their age: a warning is for people and does not change the status.
std::string zones_json(const services& with) {
    const auto used = tz_database_in_use();
    const auto today = std::chrono::floor<std::chrono::days>(with.time.now());
    std::string shown = R"({"version":)";
    append_json_string(shown, used.version);
    shown += R"(,"path":)";
    append_json_string(shown, used.folder.string());
    if (const auto age = tz_age(used.version, today))
        shown += R"(,"age_days":)" + std::to_string(age->count());
    if (const auto warning = tz_warning(used.version, tz_version_built_with(), today)) {
        shown += R"(,"warning":)";
        append_json_string(shown, *warning);
    }
    if (!used.missing.empty()) {
        shown += R"(,"missing_zones":[)";
        for (const std::string& name : used.missing) {
            shown += &name == &used.missing.front() ? "" : ",";
            append_json_string(shown, name);
        }
        shown += ']';
    }
    return shown + '}';
}

async<http::response> health(const services& with, http::request&) {
    auto trouble = with.data.trouble();
    const auto seen = co_await look(with);
    if (!trouble && !seen)
        trouble = "The database does not answer.";
    const bool late = seen && seen->oldest_seconds > std::chrono::duration<double>(outbox_age_healthy_max).count();
    const bool serving = with.ready();
    const std::string_view status = trouble ? "unhealthy" : late || !serving ? "degraded" : "healthy";

    std::string body = R"({"status":")";
    body += status;
    body += R"(","environment":)";
    append_json_string(body, with.environment);
    body += R"(,"version":)";
    append_json_string(body, with.version);
    body += R"(,"checks":{"database":{"status":")";
    body += trouble ? "unhealthy" : "healthy";
    body += '"';
    if (trouble) {
        body += R"(,"detail":)";
        append_json_string(body, *trouble);
    }
    body += R"(},"server":{"status":")";
    body += serving ? "healthy" : "degraded";
    body += R"("},"events":{"status":")";
    body += !seen ? "unhealthy" : late ? "degraded" : "healthy";
    body += R"(","transport":)";
    append_json_string(body, with.transport);
    if (seen) {
        body += R"(,"pending":)" + std::to_string(seen->outbox.pending);
        body += R"(,"oldest_age_seconds":)" + std::to_string(std::llround(seen->oldest_seconds));
        body += R"(,"missing_occurrences":)" + std::to_string(seen->missing);
    }
    body += R"(}},"tz_database":)" + zones_json(with) + '}';
    co_return json_answer(trouble ? 503 : 200, std::move(body));
}

// --- /metrics ---

async<http::response> give_metrics(const services& with, http::request&) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto seen = co_await look(with);
    const metrics::gauges now{.outbox_pending = seen ? static_cast<double>(seen->outbox.pending) : unknown,
                              .outbox_oldest_age_seconds = seen ? seen->oldest_seconds : unknown,
                              .recurrence_missing = seen ? static_cast<double>(seen->missing) : unknown,
                              .version = with.version,
                              .tz_version = tz_database_in_use().version};
    co_return http::response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                             .body = with.meters.expose(now),
                             .headers = {},
                             .error_id = {}};
}

}  // namespace

void add_status_routes(http::router& routes, const services& with) {
    const auto bind = [&with](auto answer) {
        return [&with, answer](http::request& asked) { return answer(with, asked); };
    };
    constexpr http::route_options probe{.probe = true};
    routes.add(http::method::get, "/", bind(root));
    routes.add(http::method::get, "/health", bind(health), probe);
    routes.add(http::method::get, "/livez", live, probe);
    routes.add(http::method::get, "/readyz", bind(ready), probe);
    routes.add(http::method::get, "/metrics", bind(give_metrics), probe);
}

}  // namespace rondo
